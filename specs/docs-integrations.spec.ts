// The page about integrations works: its commands run as written, its program prints events, and the audit sink writes each event once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { enter, openTracker } from './actors/deployment.js';
import { openOperator } from './actors/integration/operator.js';
import { fencesOf } from './support/fences.js';
import { temporaryFolder } from './support/folder.js';
import { openOperatorShell } from './support/processes/operator-shell.js';
import { until } from './support/until.js';

const root = new URL('../../', import.meta.url);
const MODULES = fileURLToPath(new URL('node_modules', root));
const page = readFileSync(new URL('docs/integrations.md', root), 'utf8');

/** A program of a third party, with its lines. It ends with the spec. */
function startProgram(t: ExecutionContext, folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  t.teardown(() => stop(child));
  return { child, lines };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('docs: the commands of docs/integrations.md run, and its program prints the events of rooms', async (t) => {
  const tracker = await openTracker(t);
  const shell = await openOperatorShell(t, tracker);
  const folder = await temporaryFolder(t);
  await symlink(MODULES, join(folder, 'node_modules'));
  const ann = await enter(t, tracker, 'Ann');
  const program = fencesOf(page).find(({ info }) => info === 'js print-events.mjs');
  t.truthy(program);
  await writeFile(join(folder, 'print-events.mjs'), (program?.lines ?? []).join('\n'));
  let hasStarted = false;
  for (const { info, lines } of fencesOf(page)) {
    if (info !== 'sh run') continue;
    for (const line of lines) await shell.run(line);
    if (hasStarted) continue;
    hasStarted = true;
    await writeFile(join(folder, 'audit.creds'), await shell.run('cat audit.creds'));
    const { lines: printed } = startProgram(t, folder, ['print-events.mjs', tracker.broker.url]);
    await ann.command('chatroom', { operation: 'CREATE', name: 'lobby' });
    await until(() => printed.length > 0, 'the event of the new room');
    t.regex(printed[0] ?? '', /^\d+ partyline\.RoomCreated room-[0-9A-Z]{26}$/);
  }
  t.true(hasStarted);
  t.regex(await shell.run('node bin/partyline.js admin integration list'), /^door +revoked/m);
});

const eventSchema = z.object({ position: z.string() });

test('examples: the audit sink writes every event once and in order, also when it is killed and its last line is cut', async (t) => {
  const tracker = await openTracker(t);
  const operator = await openOperator(t, tracker);
  const { server, creds } = await operator.add('audit', ['events:rooms']);
  const folder = await temporaryFolder(t);
  await symlink(MODULES, join(folder, 'node_modules'));
  await writeFile(join(folder, 'audit-sink.mjs'), readFileSync(new URL('examples/audit-sink.mjs', root)));
  const file = join(folder, 'audit.ndjson');
  const args = ['audit-sink.mjs', server, creds, 'audit-rooms', file];
  const written = async () => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const ann = await enter(t, tracker, 'Ann');
  await ann.command('chatroom', { operation: 'CREATE', name: 'lobby' });
  const topic = (text: string) => ann.command('chatroom', { operation: 'TOPIC', name: 'lobby', topic: text });
  for (let round = 1; round <= 3; round += 1) {
    const { child } = startProgram(t, folder, args);
    await topic(`topic ${round}`);
    await until(
      async () => (await written().catch(() => [])).length >= 1 + round,
      'the new topic is in the file',
    );
    await stop(child);
    const text = await readFile(file, 'utf8');
    if (round === 2) await writeFile(file, `${text}{"position":"9`);
  }
  const positions = (await written()).map((line) => Number(eventSchema.parse(JSON.parse(line)).position));
  t.deepEqual(
    positions,
    [...new Set(positions)].toSorted((one, other) => one - other),
  );
  t.is(positions.length, 4);
});
