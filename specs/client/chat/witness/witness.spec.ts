// Terminals as witnesses of the tracker's log: a log that is rewritten, rolled back or shown in two versions is refused, with
// evidence on the disk. A declared restore is none of these.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readCheckpoint, verifierKey } from '../../../../core/merkle/checkpoint.js';
import { syncOperationSchema } from '../../../../core/protocol/operations.js';
import { until } from '../../../support/until.js';
import { inRoom } from '../support/lobby.js';
import { evidenceOf } from '../support/terminal.js';
import { SpecTracker } from '../support/tracker.js';
import { copyDatabase } from '../support/tracker-database.js';
import { createWorld, type Terminal } from '../support/world.js';

/** Another tracker over a copy of the database that keeps the name of the log. */
async function copyOf(t: ExecutionContext, terminal: Terminal, tracker: SpecTracker, name: string) {
  const folder = join(dirname(terminal.file), name);
  mkdirSync(folder);
  return SpecTracker.open(t, folder, await tracker.backup(join(folder, 'copy.db'), copyDatabase));
}

async function scene(t: ExecutionContext, ...names: readonly string[]) {
  const world = await createWorld(t);
  const everyone = await inRoom(world, ...names);
  const [first, second] = everyone;
  if (first === undefined) throw new Error('a room has a member');
  return { world, everyone, ann: first, ben: second ?? first };
}

/** Connects the terminal again, so that it syncs, and waits for the answer. */
async function syncAgain({ chat, session }: Terminal): Promise<void> {
  await session.become('reconnecting');
  await session.become('online');
  await chat.whenOnline(60_000);
}

const changeTopic = async ({ chat }: Terminal, topic: string): Promise<void> => {
  await chat.open('#lobby');
  await chat.setTopic(topic);
};

function findingsOf(terminal: Terminal, kind: string): readonly Record<string, string>[] {
  const folder = evidenceOf(terminal);
  const names = readdirSync(folder).filter((name) => name.endsWith(kind));
  return names.map((name) =>
    Object.fromEntries(
      readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), 'utf8')]),
    ),
  );
}

const warningsOf = (terminal: Terminal): readonly string[] =>
  terminal
    .all('warning')
    .map(({ type }) => type)
    .filter((type) => type.endsWith('History'));

const sizeOf = (note: string): number => Number(note.split('\n')[1]);

/** The sizes that a terminal has claimed in its syncs. */
const claimsOf = ({ tracker }: { readonly tracker: SpecTracker }, { device }: Terminal): readonly number[] =>
  tracker.asked
    .filter(({ title, by }) => title === 'Sync' && by === device)
    .flatMap(({ data }) => syncOperationSchema.parse(data).checkpoint?.size ?? []);

test('witness: given a tracker that continues its log, then each sync starts from the newest checkpoint, also after a restart', async (t) => {
  const { world, ann } = await scene(t, 'ann');
  await changeTopic(ann, 'one');
  await syncAgain(ann);
  await syncAgain(ann);
  const before = claimsOf(world, ann).at(-1) ?? 0;
  t.true(before > 0);
  await changeTopic(ann, 'two');
  await ann.stop();
  const again = await world.restart(ann);
  t.is(claimsOf(world, again).at(-1), before);
  await syncAgain(again);
  t.is(claimsOf(world, again).at(-1), before + 1);
  t.deepEqual([warningsOf(ann), warningsOf(again)], [[], []]);
});

test('witness: given a log that was rolled back, then the terminal warns, refuses and keeps both checkpoints, until the log is back', async (t) => {
  const { world, ann } = await scene(t, 'ann');
  const older = await copyOf(t, ann, world.tracker, 'older');
  await changeTopic(ann, 'lost');
  await syncAgain(ann);
  await ann.session.moveTo(older);
  const { message } = await ann.hears('warning', { type: 'BrokenHistory' });
  t.regex(message, /lost a part of its history/);
  t.like(await ann.chat.join('attic'), { status: 501, phrase: 'HISTORY_BROKEN' });
  t.like(await ann.chat.rooms(), { phrase: 'HISTORY_BROKEN' });
  t.regex((await ann.chat.why()).message, /lost a part of its history/);

  const [finding] = findingsOf(ann, 'rolledBack');
  const known = readCheckpoint(finding?.['known.txt'] ?? '', world.tracker.key.publicKey);
  const shown = readCheckpoint(finding?.['shown.txt'] ?? '', world.tracker.key.publicKey);
  if (!('checkpoint' in known) || !('checkpoint' in shown)) return t.fail('both notes are signed');
  t.is(known.checkpoint.size, shown.checkpoint.size + 1);
  t.like(JSON.parse(finding?.['about.json'] ?? ''), {
    format: 'history-evidence/1',
    kind: 'rolledBack',
    keys: [verifierKey(known.checkpoint.origin, world.tracker.key.publicKey)],
  });

  await ann.stop();
  world.tracker.isUp = false;
  const again = await world.restart(ann);
  t.regex((await again.chat.why()).message, /lost a part of its history/);
  await again.session.moveTo(older);
  await again.hears('warning', { type: 'BrokenHistory' });
  t.is(findingsOf(again, 'rolledBack').length, 1, 'the same fault is stored once');
  world.tracker.isUp = true;
  await again.session.moveTo(world.tracker);
  await again.hears('warning', { type: 'MendedHistory' });
  t.like(await again.chat.rooms(), { phrase: 'ROOM_LISTED_S' });
});

for (const [title, more] of [
  ['of the same length', 1],
  ['that is longer', 3],
] as const) {
  test(`witness: given a rewritten log ${title}, then the terminal refuses it and takes no notice`, async (t) => {
    const { world, ann, ben } = await scene(t, 'ann', 'ben');
    const other = await copyOf(t, ann, world.tracker, 'other');
    await changeTopic(ann, 'as it was');
    await ben.hears('notice', { topic: 'as it was' });
    await syncAgain(ben);
    await ann.session.moveTo(other);
    for (let count = 0; count < more; count += 1) await changeTopic(ann, `rewritten ${count}`);
    await other.settled();
    await ben.session.moveTo(other);
    await ben.hears('warning', { type: 'BrokenHistory' });
    t.is(findingsOf(ben, 'rewritten').length, 1);
    await ben.chat.open('#lobby');
    t.like(await ben.chat.topic(), { data: { topic: 'as it was' } });
    await changeTopic(ann, 'and again');
    await other.settled();
    await syncAgain(ben);
    t.deepEqual(warningsOf(ben), ['BrokenHistory'], 'one warning for one fault');
    t.like(await ben.chat.topic(), { data: { topic: 'as it was' } });
  });
}

test('witness: given a declared restore, then the terminal takes it and keeps the last checkpoint of the log before', async (t) => {
  const { world, ann } = await scene(t, 'ann');
  const folder = join(dirname(ann.file), 'restored');
  mkdirSync(folder);
  const backup = await world.tracker.backup(join(folder, 'backup.db'));
  await changeTopic(ann, 'after the backup');
  await syncAgain(ann);
  const restored = await SpecTracker.open(t, folder, backup);
  await ann.session.moveTo(restored);
  await ann.hears('notice', { type: 'TrackerRestored' });
  t.like(await ann.chat.rooms(), { phrase: 'ROOM_LISTED_S' });
  t.deepEqual(warningsOf(ann), []);
  const [finding] = findingsOf(ann, 'restored');
  t.true(sizeOf(finding?.['known.txt'] ?? '') > 0);
  t.is(finding?.['shown.txt'], undefined);
  t.regex((await ann.chat.why()).message, /restored from a backup/);
});

test('witness: given two histories of the same length, when two terminals link, then both warn and store both checkpoints', async (t) => {
  const { world, ann, ben } = await scene(t, 'ann', 'ben');
  const other = await copyOf(t, ann, world.tracker, 'other');
  world.net.cut(ann.device, ben.device);
  await changeTopic(ann, 'for ann');
  await syncAgain(ann);
  await ben.session.moveTo(other);
  await ben.chat.whenOnline(60_000);
  await other.ask(await other.user('ann', () => ann.device), 'ChatRoom', {
    operation: 'TOPIC',
    name: 'lobby',
    topic: 'for ben',
  });
  await syncAgain(ben);
  world.net.heal(ann.device, ben.device);
  for (const one of [ann, ben]) {
    const { message } = await one.hears('warning', { type: 'BrokenHistory' });
    t.regex(message, /two different histories/);
    const [finding] = findingsOf(one, 'forked');
    const notes = ['known.txt', 'shown.txt'].map((name) => finding?.[name] ?? '');
    const read = notes.map((note) => readCheckpoint(note, world.tracker.key.publicKey));
    t.true(read.every((reading) => 'checkpoint' in reading));
    t.is(new Set(notes.map(sizeOf)).size, 1);
    t.is(new Set(notes.map((note) => note.split('\n')[2])).size, 2);
    t.like(await one.chat.rooms(), { phrase: 'HISTORY_BROKEN' });
  }
});

test('witness: given two histories of different lengths, when two terminals have linked and sync, then both warn', async (t) => {
  const { world, ann, ben } = await scene(t, 'ann', 'ben');
  const other = await copyOf(t, ann, world.tracker, 'other');
  world.net.cut(ann.device, ben.device);
  await changeTopic(ann, 'for ann');
  await syncAgain(ann);
  await ben.session.moveTo(other);
  await ben.chat.whenOnline(60_000);
  for (const topic of ['for ben', 'for ben too']) {
    const asking = await other.user('ann', () => ann.device);
    await other.ask(asking, 'ChatRoom', { operation: 'TOPIC', name: 'lobby', topic });
  }
  await syncAgain(ben);
  const heard = world.tracker.asked.length;
  world.net.heal(ann.device, ben.device);
  await until(() => ann.all('link').at(-1)?.state === 'open', 'the link is open again');
  await until(async () => {
    if (warningsOf(ann).length === 0) await syncAgain(ann);
    return warningsOf(ann).length > 0;
  }, 'ann warns');
  t.true(world.tracker.asked.slice(heard).some(({ data }) => 'compare' in Object(data)));
  await until(async () => {
    if (warningsOf(ben).length === 0) await syncAgain(ben);
    return warningsOf(ben).length > 0;
  }, 'ben warns');
  for (const one of [ann, ben]) t.is(findingsOf(one, 'forked').length, 1);
});

test('witness: given terminals at different sizes of one history, when they link and sync, then nobody warns', async (t) => {
  const { world, ann, ben } = await scene(t, 'ann', 'ben');
  world.net.cut(ann.device, ben.device);
  await syncAgain(ben);
  await changeTopic(ann, 'one');
  await syncAgain(ann);
  world.net.heal(ann.device, ben.device);
  await until(() => ann.all('link').at(-1)?.state === 'open', 'the link is open again');
  const compared = ({ device }: Terminal): boolean =>
    world.tracker.asked.some(({ by, data }) => by === device && 'compare' in Object(data));
  for (const one of [ann, ben]) {
    await until(async () => {
      if (!compared(one)) await syncAgain(one);
      return compared(one);
    }, `${one.username} compares`);
    t.like(await one.chat.rooms(), { phrase: 'ROOM_LISTED_S' });
    t.deepEqual(warningsOf(one), []);
  }
});

test('witness: given a tracker that says to one terminal only that it was restored, then the other terminal warns', async (t) => {
  const { world, ann, ben } = await scene(t, 'ann', 'ben');
  const folder = join(dirname(ann.file), 'restored');
  mkdirSync(folder);
  const restored = await SpecTracker.open(t, folder, await world.tracker.backup(join(folder, 'backup.db')));
  restored.clock.advance(3_600_000);
  world.net.cut(ann.device, ben.device);
  await ben.session.moveTo(restored);
  await ben.hears('notice', { type: 'TrackerRestored' });
  await ben.chat.whenOnline(60_000);
  world.net.heal(ann.device, ben.device);
  await until(async () => {
    if (warningsOf(ann).length === 0) await syncAgain(ann);
    return warningsOf(ann).length > 0;
  }, 'ann warns');
  t.deepEqual(warningsOf(ann), ['UnprovenHistory']);
  t.is(findingsOf(ann, 'two-logs').length, 1);
  t.deepEqual(warningsOf(ben), []);
});

/** Removes fields from the answers to syncs. */
const without =
  (...fields: readonly string[]): SpecTracker['alters'] =>
  (title, answer) => {
    const kept = Object.entries(Object(answer.data)).filter(([field]) => !fields.includes(field));
    return title === 'Sync' ? { ...answer, data: Object.fromEntries(kept) } : answer;
  };

test('witness: given an older tracker without checkpoints, then nothing changes; given one that stops to send them, then the terminal warns once', async (t) => {
  const world = await createWorld(t);
  world.tracker.alters = without('checkpoint', 'consistency');
  const ann = await world.terminal('ann');
  await ann.chat.create('lobby');
  await syncAgain(ann);
  t.deepEqual([warningsOf(ann), claimsOf(world, ann)], [[], []]);
  world.tracker.alters = (_, answer) => answer;
  await syncAgain(ann);
  world.tracker.alters = without('log', 'checkpoint', 'consistency');
  await syncAgain(ann);
  world.tracker.alters = without('checkpoint', 'consistency');
  await syncAgain(ann);
  t.deepEqual(warningsOf(ann), ['UnprovenHistory']);
  t.like(await ann.chat.rooms(), { phrase: 'ROOM_LISTED_S' });
});

test('witness: given a checkpoint that the tracker did not sign, then its answer is not used', async (t) => {
  const { world, ann, ben } = await scene(t, 'ann', 'ben');
  await syncAgain(ben);
  world.tracker.letsPass = (_, to) => to !== ben.device;
  world.tracker.alters = (title, answer) => {
    const data = Object(answer.data);
    if (title !== 'Sync' || typeof data.checkpoint !== 'string') return answer;
    return { ...answer, data: { ...data, checkpoint: data.checkpoint.replace(/\n\d+\n/, '\n999\n') } };
  };
  await changeTopic(ann, 'unheard');
  await syncAgain(ben);
  await ben.hears('warning', { type: 'UnprovenHistory' });
  await ben.chat.open('#lobby');
  t.like(await ben.chat.topic(), { data: { topic: '' } });
  world.tracker.alters = (_, answer) => answer;
  await syncAgain(ben);
  t.like(await ben.chat.topic(), { data: { topic: 'unheard' } });
});
