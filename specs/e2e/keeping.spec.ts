// The history that a terminal stores, and for how long: it can be read, searched and exported after restarts and kills.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { trackerFolder } from '../../client/profile/place.js';
import { parseInvite } from '../../core/protocol/invite.js';
import { openStage, type Stage, twoInLobby } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const messagesSchema = z.object({ messages: z.array(z.object({ id: z.string(), text: z.string() })) });
const exportedSchema = z.object({ id: z.string(), text: z.string(), seq: z.int() });

async function texts(terminal: JsonTerminal, line: string): Promise<readonly string[]> {
  return messagesSchema.parse((await terminal.type(line))['data']).messages.map(({ text }) => text);
}

const history = (terminal: JsonTerminal) => texts(terminal, '/history #lobby 1000');

let files = 0;

async function exported(stage: Stage, terminal: JsonTerminal): Promise<readonly string[]> {
  const file = join(stage.folder, `${(files += 1)}.jsonl`);
  await terminal.type(`/export #lobby ${file}`);
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => exportedSchema.parse(JSON.parse(line)).text);
}

/** The history, the search and the export return the same messages. */
async function has(
  t: ExecutionContext,
  stage: Stage,
  terminal: JsonTerminal,
  expected: readonly string[],
): Promise<void> {
  await until(
    async () => (await history(terminal)).length === expected.length,
    'the expected number of messages',
  );
  t.deepEqual(await history(terminal), expected);
  t.deepEqual(await exported(stage, terminal), expected);
  t.deepEqual(await texts(terminal, '/search cup'), expected);
}

const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `cup ${from + index}`);

/**
 * Sends lines from alice. Resolves when bob has shown the last line and alice's terminal has reported its delivery.
 */
async function say(alice: JsonTerminal, bob: JsonTerminal, lines: readonly string[]): Promise<void> {
  const said = await Promise.all(lines.map((line) => alice.type(line)));
  const id = said.at(-1)?.['id'];
  await bob.expect({ event: 'message', id }, 'the last message');
  await delivered(alice, id);
}

const delivered = (alice: JsonTerminal, id: unknown) =>
  alice.expect({ event: 'delivery', id, state: 'delivered' }, 'the last delivery');

test.serial(
  'keeping: given a terminal that is killed, when started again, then the history can be read, searched and exported as before, also without a tracker',
  async (t) => {
    const stage = await openStage(t);
    const { alice, bob } = await twoInLobby(stage);
    await say(alice, bob, numbered(1, 9));
    await has(t, stage, bob, numbered(1, 9));
    await say(alice, bob, numbered(10, 12));
    // The kill comes before, after or during a search, which fills the index.
    await Promise.allSettled([bob.type('/search cup'), bob.kill()]);
    const again = stage.terminal('bob');
    await has(t, stage, again, numbered(1, 12));
    await again.kill();
    await stage.stopTracker();
    await has(t, stage, stage.terminal('bob'), numbered(1, 12));
  },
);

test.serial(
  'keeping: given a message limit, when a terminal is killed and started with it, then the newest messages stay, and deleted ones are not fetched again from others',
  async (t) => {
    const stage = await openStage(t);
    const { alice, bob } = await twoInLobby(stage);
    await say(alice, bob, numbered(1, 12));
    await bob.kill();
    const few = stage.terminal('bob', { env: { PARTYLINE_KEEP_MESSAGES: '5' } });
    await has(t, stage, few, numbered(8, 12));
    await few.expect(
      { event: 'link', peer: 'alice', state: 'open' },
      'the link to the member with all messages',
    );
    await say(alice, few, ['cup 13']);
    await few.kill();
    const all = stage.terminal('bob');
    await all.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to alice');
    await say(alice, all, ['cup 14']);
    await has(t, stage, all, numbered(8, 14));
    await has(t, stage, alice, numbered(1, 14));
  },
);

test.serial(
  'keeping: given a limit of days, when a terminal is started with it, then older messages are deleted with consent, except those that still wait for delivery',
  async (t) => {
    const stage = await openStage(t);
    const { alice, bob } = await twoInLobby(stage);
    await say(alice, bob, numbered(1, 4));
    await bob.kill();
    const said = await Promise.all(numbered(5, 8).map((line) => alice.type(line)));
    await alice.kill();
    for (const profile of ['alice', 'bob']) age(t, stage, profile, 3);
    const days = { env: { PARTYLINE_KEEP_DAYS: '2' } };
    const sender = stage.terminal('alice', days);
    await consent(t, sender, 4);
    await has(t, stage, sender, numbered(5, 8));
    const late = stage.terminal('bob', days);
    await consent(t, late, 4);
    await has(t, stage, late, numbered(5, 8));
    await delivered(sender, said.at(-1)?.['id']);
    await sender.kill();
    age(t, stage, 'alice', 3);
    const again = stage.terminal('alice', days);
    await consent(t, again, 4);
    await has(t, stage, again, []);
  },
);

/** All messages that are not queued have expired, so the terminal asks before it deletes them. */
async function consent(t: ExecutionContext, terminal: JsonTerminal, count: number): Promise<void> {
  await terminal.expect({ event: 'warning', type: 'Retention' }, 'the question');
  t.like(await terminal.type('/retention'), { data: { waiting: count, deleted: 0 } });
  t.like(await terminal.type('/retention ok'), { data: { waiting: 0, deleted: count } });
}

const DAY_MS = 86_400_000;

/** Makes all messages of a stopped terminal older. */
function age(t: ExecutionContext, stage: Stage, profile: string, days: number): void {
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);
  const folder = join(stage.folder, 'terminals', trackerFolder(parsed.invite), profile);
  const database = new Libsql(join(folder, 'history.db'));
  database
    .prepare('UPDATE messages SET at = at - ?1, received_at = received_at - ?1, arrival = arrival - ?1')
    .run(days * DAY_MS);
  database.close();
}
