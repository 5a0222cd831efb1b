import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openHistory } from '../../../client/history/history.js';
import type { History, Room } from '../../../client/history/port.js';
import { accountIdSchema, systemIds } from '../../../core/ids.js';
import { conversationIdSchema } from '../../../core/protocol/message/message.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';

const alice = accountIdSchema.parse(systemIds.next());

async function open(t: ExecutionContext, file: string): Promise<History> {
  const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  t.teardown(() => history.close());
  return history;
}

test('history: given another log of the tracker, then positions, memberships and versions are deleted in the same commit', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-history-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'history.db');
  const history = await open(t, file);
  const stream = conversationIdSchema.parse(`room-${systemIds.next()}`);
  const memberships = [{ account: alice, joinedVersion: 3, leftVersion: null, isAdmin: true, end: null }];
  const room: Room = {
    conversation: stream,
    name: 'lobby',
    version: 9,
    topic: 'tea',
    isPrivate: false,
    memberships,
  };
  await history.saveKnownState({
    trackerLog: { identity: 'one', since: 1, isOther: false },
    people: [{ account: alice, username: 'alice', isVouched: true, namedAt: 7 }],
    streamPositions: [{ stream, version: 9 }],
    rooms: [{ room, accounts: [alice] }],
  });
  t.like(await history.knownState(), { trackerLog: { identity: 'one', since: 1 }, rooms: [room] });
  await history.saveKnownState({ trackerLog: { identity: 'two', since: 2, isOther: true } });
  await history.close();
  t.like(await (await open(t, file)).knownState(), {
    trackerLog: { identity: 'two', since: 2 },
    people: [{ account: alice, username: 'alice', isVouched: true, namedAt: 0 }],
    streamPositions: [],
    rooms: [{ ...room, version: 0, memberships: [] }],
  });
});
