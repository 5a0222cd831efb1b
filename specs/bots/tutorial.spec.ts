// The tutorial for bots works as written, in a fresh folder, with Partyline as npm packs it.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { fencesOf } from '../support/fences.js';
import { openStage } from '../support/processes/tracker-process.js';
import { PlainTerminal } from '../support/terminals/plain-terminal.js';
import { openFreshFolder, type Program, root } from './fresh-folder.js';

const runFile = promisify(execFile);
const tutorial = readFileSync(join(root, 'docs', 'bots.md'), 'utf8');
const TSC = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** The types of the library hold: each of these lines is an error. */
const MISUSES = `
import { type ChatEvent, connect } from 'partyline';
// @ts-expect-error an unknown option
void connect({ username: 'a', password: 'b', name: 'c' });
declare const event: ChatEvent;
// @ts-expect-error only messages have a text
event.text;
// @ts-expect-error nothing internal is exported
import 'partyline/dist/client/terminal.js';
declare const chat: Awaited<ReturnType<typeof connect>>;
// @ts-expect-error a conversation begins with # or @
void chat.send('lobby', 'text');
const rooms = await chat.rooms();
// @ts-expect-error a refusal has no data
rooms.data;
`;

test('bots: every line of docs/bots.md works in a fresh folder, and the bot answers; its programs in TypeScript compile', async (t) => {
  const stage = await openStage(t);
  const fresh = await openFreshFolder(t);
  await symlink(stage.home, join(fresh.folder, 'partyline', '.partyline'));
  const alice = new PlainTerminal({
    profile: 'alice',
    home: join(stage.folder, 'terminals'),
    invite: stage.invite,
  });
  t.teardown(() => alice.kill());
  let bot: Program | null = null;
  const programs: string[] = [];
  for (const { info, lines } of fencesOf(tutorial)) {
    const [, file] = /^[jt]s (\S+)$/.exec(info) ?? [];
    if (file !== undefined) {
      programs.push(await fresh.write(file, `${lines.join('\n')}\n`));
    } else if (info === 'sh bot') {
      for (const line of lines) await fresh.run(line);
    } else if (info === 'sh bot runs') {
      bot = fresh.start(lines.join('\n'));
    } else if (info === 'text bot sees') {
      for (const line of lines) await bot?.sees(line);
    } else if (info === 'text alice') {
      for (const line of lines) await alice.type(line);
    } else if (info === 'text alice sees') {
      for (const line of lines) await alice.sees(line);
    }
  }
  t.is(programs.length, 2);
  t.is(await bot?.interrupt(), 0);
  await alice.type('!ping');
  const again = fresh.start('node ping-bot.mjs');
  await again.sees('The bot is in #lobby.');
  await alice.sees('12:03 #lobby <ping-bot bot> pong');

  const typed = await fresh.write('misuses.mts', MISUSES);
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
  ];
  const target = ['--target', 'es2023', '--lib', 'es2024,esnext.disposable', '--types', 'node'];
  const types = ['--typeRoots', join(root, 'node_modules', '@types')];
  const files = [...programs.filter((name) => name.endsWith('.mts')), typed];
  await t.notThrowsAsync(runFile(process.execPath, [TSC, ...options, ...target, ...types, ...files]));
});
