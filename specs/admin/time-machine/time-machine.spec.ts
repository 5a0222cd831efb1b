// The state of the time machine on a log of a few lines, with a clock that the spec lets pass.
import test from 'ava';
import type { TimeMachine } from '../../../admin/time-machine/model/time-machine.js';
import { roomNamed } from './fake-reads.js';
import { DAY_MS, HOUR_MS, opened, type Opened, START } from './opened.js';

const moves: readonly (readonly [string, number, (machine: TimeMachine) => void, number])[] = [
  ['one event on', 3, (machine) => machine.step(1), 4],
  ['one event back', 3, (machine) => machine.step(-1), 2],
  ['before the beginning', 0, (machine) => machine.step(-1), 0],
  ['after the end', 10, (machine) => machine.step(1), 10],
  ['a page on', 2, (machine) => machine.page('next'), 5],
  ['a page back', 9, (machine) => machine.page('previous'), 6],
  ['to the beginning', 7, (machine) => machine.goTo(0), 0],
  ['to the end', 7, (machine) => machine.goTo(machine.end), 10],
  ['an hour on, with events', 6, (machine) => machine.stepTime(HOUR_MS), 7],
  ['an hour on, in a gap', 5, (machine) => machine.stepTime(HOUR_MS), 6],
  ['an hour back, in a gap', 6, (machine) => machine.stepTime(-HOUR_MS), 5],
  ['a day back', 8, (machine) => machine.stepTime(-DAY_MS), 5],
  ['an hour on from before the first event', 0, (machine) => machine.stepTime(HOUR_MS), 1],
  ['to a column of the timeline', 10, (machine) => machine.goToColumn(0), 5],
  ['to a column behind the last', 1, (machine) => machine.goToColumn(99), 10],
  ['to the next column with events', 5, (machine) => machine.stepColumn('next'), 10],
  ['to the previous column with events', 10, (machine) => machine.stepColumn('previous'), 5],
  ['to the next event of the same type', 2, (machine) => machine.seekKind('next'), 6],
  ['to the previous event of the same type', 10, (machine) => machine.seekKind('previous'), 6],
  ['to the next event of the room', 1, (machine) => machine.seekSubject('next'), 2],
  ['to the previous event of the room', 8, (machine) => machine.seekSubject('previous'), 5],
  ['to the next removal', 1, (machine) => machine.seekTypes('next', ['MemberBanned'], 'a removal'), 7],
];
for (const [name, from, move, to] of moves) {
  test(`time machine: given a move ${name}, then the cursor is there and its scene is read`, async (t) => {
    const { machine, time, failures } = await opened(t, from);
    move(machine);
    await time.pass(0);
    await time.pass(0);
    t.is(machine.at, to);
    t.is(machine.scene?.position, to);
    t.deepEqual(failures, []);
  });
}

test('time machine: given a jump without a match, then the cursor stays and a message says so', async (t) => {
  const { machine, time } = await opened(t, 7);
  machine.seekTypes('next', ['RoomClosed'], 'RoomClosed');
  await time.pass(0);
  t.is(machine.at, 7);
  t.is(machine.message, 'No later event matches RoomClosed.');
  t.false(machine.jumps.isRunning);
});

async function typed({ machine, time }: Opened, kind: 'search' | 'go-to', text: string): Promise<void> {
  machine.ask(kind);
  machine.editPrompt((prompt) => prompt.type(text));
  machine.submit();
  await time.pass(0);
}

test('time machine: a search finds types, names and texts, and goes on in both directions', async (t) => {
  const table = [
    ['MEMBERB', 7],
    ['attic', 3],
    ['too loud', 7],
    ['tea', 8],
  ] as const;
  for (const [text, hit] of table) {
    const one = await opened(t, 1);
    await typed(one, 'search', text);
    t.is(one.machine.at, hit, text);
  }
  const atEnd = await opened(t, 10);
  await typed(atEnd, 'search', 'attic');
  t.is(atEnd.machine.at, 9);
  const one = await opened(t, 1);
  await typed(one, 'search', 'attic');
  const visited: number[] = [];
  for (const direction of ['next', 'next', 'previous'] as const) {
    one.machine.seekHit(direction);
    await one.time.pass(0);
    visited.push(one.machine.at);
  }
  t.deepEqual(visited, [6, 7, 6]);
});

test('time machine: a typed moment is a position, a time or a time before now; anything else is refused', async (t) => {
  for (const [text, at] of [
    ['4', 4],
    ['2026-01-01T00:01:30Z', 2],
    ['9d', 5],
    ['now', 10],
  ] as const) {
    const one = await opened(t, 1);
    await typed(one, 'go-to', text);
    t.is(one.machine.at, at, text);
  }
  const one = await opened(t, 1);
  await typed(one, 'go-to', 'then');
  t.regex(one.machine.message, /Give a position/);
  await typed(one, 'go-to', '11');
  t.is(one.machine.message, 'the log has no position 11. Give another one.');
  t.is(one.machine.at, 1);
  t.deepEqual(one.failures, []);
});

test('time machine: given moves that are faster than the reading, then only the last scene is shown', async (t) => {
  const { machine, time, reads } = await opened(t, 1);
  const releases: (() => void)[] = [];
  reads.gate = () => new Promise((resolve) => releases.push(resolve));
  machine.step(1);
  machine.step(1);
  machine.step(1);
  await time.pass(0);
  for (const release of releases.toReversed()) release();
  await time.pass(0);
  t.is(machine.scene?.position, 4);
  t.deepEqual(
    reads.requests.slice(1).map(({ signal }) => signal.aborted),
    [true, true, false],
  );
});

test('time machine: given a damaged event, then a message says so and the cursor can move on', async (t) => {
  const { machine, time, reads, failures } = await opened(t, 3);
  reads.damaged = 4;
  machine.step(1);
  await time.pass(0);
  t.is(machine.message, 'the row 4 is damaged. Run verify.');
  machine.step(1);
  await time.pass(0);
  t.is(machine.scene?.position, 5);
  t.is(machine.message, '');
  t.deepEqual(failures, []);
});

test('time machine: given a chosen room, then it stays at every event until the view follows events again', async (t) => {
  const { machine, time } = await opened(t, 4);
  machine.observation.choose(roomNamed('#attic'));
  await time.pass(0);
  t.is(machine.scene?.subject?.id, 'attic');
  machine.step(1);
  await time.pass(0);
  t.is(machine.scene?.subject?.id, 'attic');
  machine.observation.select(-1);
  await time.pass(0);
  t.is(machine.scene?.subject?.id, 'lobby');
  machine.goTo(6);
  await time.pass(0);
  t.is(machine.scene?.subject?.id, 'lobby');
  machine.observation.toggleFollow();
  await time.pass(0);
  t.is(machine.scene?.subject?.id, 'attic');
});

test('time machine: two moments are now and the cursor, or a marked one; Escape ends the comparison', async (t) => {
  const { machine, time } = await opened(t, 4);
  machine.observation.compare('now');
  await time.pass(0);
  t.is(machine.scene?.comparison?.position, 10);
  machine.goTo(6);
  machine.compareMark();
  machine.goTo(2);
  await time.pass(0);
  t.is(machine.scene?.comparison?.position, 6);
  machine.closeTop();
  await time.pass(0);
  t.is(machine.observation.other, null);
  t.is(machine.scene?.comparison, null);
});

test('time machine: given a log that grows, then a cursor at its end stays there, and another one stays', async (t) => {
  for (const [from, to] of [
    [10, 11],
    [4, 4],
  ] as const) {
    const { machine, time, reads } = await opened(t, from);
    reads.events.push({ at: START + 3 * DAY_MS, type: 'RoomClosed', subject: '#lobby' });
    await time.pass(1_000);
    t.is(machine.end, 11);
    t.is(machine.at, to);
  }
});

test('time machine: a shorter timeline has the cursor in it wherever it goes, down to ten seconds', async (t) => {
  const { machine, time } = await opened(t, 2);
  for (let times = 0; times < 20; times += 1) machine.zoom('in');
  await time.pass(0);
  const span = () => machine.window.timeline ?? { from: 0, to: 0, before: 0 };
  t.is(span().to - span().from, 10_000);
  t.true(machine.window.isZoomed);
  machine.goTo(8);
  await time.pass(0);
  await time.pass(0);
  t.is(span().before, 7);
  for (let times = 0; times < 20; times += 1) machine.zoom('out');
  await time.pass(0);
  t.false(machine.window.isZoomed);
  t.deepEqual([span().from, span().before], [START, 0]);
});

test('time machine: given an empty log, then nothing fails', async (t) => {
  const { machine, time, failures } = await opened(t, 0, []);
  machine.step(1);
  machine.page('next');
  machine.stepTime(HOUR_MS);
  machine.goToColumn(3);
  machine.stepColumn('next');
  machine.seekKind('next');
  machine.seekSubject('next');
  machine.observation.select(1);
  machine.zoom('in');
  machine.togglePlay();
  await time.pass(1_000);
  t.is(machine.at, 0);
  t.is(machine.scene?.position, 0);
  t.deepEqual(failures, []);
});

test('time machine: given a failed reading that no user can correct, then it is reported', async (t) => {
  const { machine, time, reads, failures } = await opened(t, 1);
  const failure = new Error('the disk is gone');
  reads.gate = () => Promise.reject(failure);
  machine.step(1);
  await time.pass(0);
  t.deepEqual(failures, [failure]);
});
