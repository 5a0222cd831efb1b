// The state of the time machine on a log of ten events, with a clock that the spec lets pass.
import type { ExecutionContext } from 'ava';
import { TimeMachine } from '../../../admin/time-machine/model/time-machine.js';
import { createTime } from '../../support/time.js';
import { type FakeEvent, FakeReads } from './fake-reads.js';

export const START = Date.UTC(2026, 0, 1);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const FIT = { timelineColumns: 10, listRows: 5, eventRows: 4 };

/** Ten events: five a minute apart, a gap of two days, and five that are an hour apart. */
const TYPES: readonly (readonly [type: string, subject: string, text?: string])[] = [
  ['RoomCreated', '#lobby'],
  ['MemberJoined', '#lobby'],
  ['RoomCreated', '#attic'],
  ['AdminPromoted', '#lobby', 'Ben'],
  ['MemberLeft', '#lobby'],
  ['MemberJoined', '#attic'],
  ['MemberBanned', '#attic', 'too loud'],
  ['TopicChanged', '#lobby', 'tea at five'],
  ['AdminDemoted', '#attic'],
  ['MemberJoined', '#lobby'],
];
const log = (): readonly FakeEvent[] =>
  TYPES.map(([type, subject, text], index) => ({
    at: index < 5 ? START + index * 60_000 : START + 2 * DAY_MS + (index - 5) * HOUR_MS,
    type,
    subject,
    ...(text === undefined ? {} : { text }),
  }));

export async function opened(t: ExecutionContext, at: number, events = log()) {
  const time = createTime(START + 10 * DAY_MS);
  const reads = new FakeReads(events);
  const failures: unknown[] = [];
  const machine = new TimeMachine({
    reads,
    clock: time,
    schedule: time.schedule,
    onChange: () => undefined,
    onFailure: (thrown) => failures.push(thrown),
  });
  t.teardown(() => machine.close());
  await machine.open({ at: { kind: 'position', position: at }, subject: null });
  machine.fit(FIT);
  await time.pass(0);
  return { machine, reads, time, failures };
}

export type Opened = Awaited<ReturnType<typeof opened>>;
