// The messages that can be relayed to a reader after a restore of the tracker: only messages from times when the reader was in
// the room.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { openHistory } from '../../../client/history/history.js';
import type { History, Membership, Room } from '../../../client/history/port.js';
import { type AccountId, accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import { conversationIdSchema, type Message } from '../../../core/protocol/message/message.js';
import { proofSchema } from '../../../core/protocol/message/proof.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { temporaryFolder } from '../../support/folder.js';

const [author, reader] = [accountIdSchema.parse(systemIds.next()), accountIdSchema.parse(systemIds.next())];
const conversation = conversationIdSchema.parse(`room-${systemIds.next()}`);
const device = deviceIdSchema.parse(`U${'B'.repeat(55)}`);
const proof = proofSchema.parse('AAAA');
const START_MS = 1_700_000_000_000;

async function open(t: ExecutionContext): Promise<History> {
  const file = join(await temporaryFolder(t), 'history.db');
  const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  t.teardown(() => history.close());
  return history;
}

const messageAt = (seq: number, roster: number, atMs: number): Message => ({
  conversation,
  account: author,
  device,
  seq,
  hlc: hlcSchema.parse(`${atMs.toString(16).padStart(12, '0')}0000`),
  roster,
  text: `message ${seq}`,
  spans: [],
});

/** A room with its author, as the tracker has it at one version. */
interface State {
  readonly version: number;
  /** The version at which the reader's membership began; null while the reader is not in the room. */
  readonly joinedVersion: number | null;
  readonly past: readonly Membership[];
}

const stay = (account: AccountId, joinedVersion: number, leftVersion: number | null): Membership => {
  const end = leftVersion === null ? null : 'left';
  return { account, joinedVersion, leftVersion, isAdmin: false, end };
};

function roomOf({ version, joinedVersion, past }: State): Room {
  const present = joinedVersion === null ? [] : [stay(reader, joinedVersion, null)];
  const memberships = [stay(author, 1, null), ...past, ...present];
  return { conversation, name: 'lobby', version, topic: '', isPrivate: false, memberships };
}

const saveRoom = (history: History, state: State) =>
  history.saveKnownState({ rooms: [{ room: roomOf(state), accounts: [author, reader] }] });

const numbersIn = (ranges: readonly (readonly [number, number])[]): readonly number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

async function relayable(history: History, fromRoster: number, account: AccountId | null) {
  const wanted = [{ device, ranges: [[1, 1_000]] as const }];
  const given = await history.relayableMessages(conversation, wanted, { fromRoster, account }, 1_000);
  const [offered] = await history.relayableRanges(conversation, { fromRoster, account });
  return {
    given: given.map(({ message }) => message.seq).toSorted((one, other) => one - other),
    offered: numbersIn(offered?.ranges ?? []),
    isApart: (offered?.ranges ?? []).every(([first], index, all) => (all[index - 1]?.[1] ?? -1) + 1 < first),
  };
}

type Step = 'say' | 'move' | 'change' | { readonly restoredTo: number };
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>('say') },
  { weight: 2, arbitrary: fc.constant<Step>('move') },
  { weight: 2, arbitrary: fc.constant<Step>('change') },
  { weight: 1, arbitrary: fc.record({ restoredTo: fc.integer({ min: 0, max: 50 }) }) },
);

test('former logs: given any course of messages, changes, joins, leaves and restores, then a reader can get exactly the messages from times as a member', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 40 }), async (steps) => {
      const history = await open(t);
      await history.saveKnownState({ trackerLog: { identity: 'log 0', since: 1, isOther: false } });
      let state: State = { version: 1, joinedVersion: null, past: [] };
      await saveRoom(history, state);
      let states: State[] = [state];
      const said: { readonly seq: number; readonly roster: number; readonly wasMember: boolean }[] = [];
      let logs = 1;
      for (const step of steps) {
        if (step === 'say') {
          const one = {
            seq: said.length + 1,
            roster: state.version,
            wasMember: state.joinedVersion !== null,
          };
          await history.store(messageAt(one.seq, one.roster, START_MS + one.seq), 'none', proof);
          said.push(one);
          continue;
        }
        if (typeof step === 'object') {
          const index = step.restoredTo % states.length;
          state = states[index] ?? state;
          states = states.slice(0, index + 1);
          const trackerLog = { identity: `log ${(logs += 1)}`, since: START_MS + said.length, isOther: true };
          await history.saveKnownState({ trackerLog });
        } else {
          const version = state.version + 1;
          const { joinedVersion, past } = state;
          if (step === 'change') state = { version, joinedVersion, past };
          else if (joinedVersion === null) state = { version, joinedVersion: version, past };
          else
            state = { version, joinedVersion: null, past: [...past, stay(reader, joinedVersion, version)] };
          states.push(state);
        }
        await saveRoom(history, state);
      }
      const { joinedVersion } = state;
      if (joinedVersion === null) return;
      const expected = said.flatMap(({ seq, roster, wasMember }) =>
        wasMember && roster >= joinedVersion ? [seq] : [],
      );
      const expectedOfOwn = said.flatMap(({ seq, roster }) => (roster >= joinedVersion ? [seq] : []));
      const toReader = await relayable(history, joinedVersion, reader);
      t.deepEqual(toReader, { given: expected, offered: expected, isApart: true });
      const toOwn = await relayable(history, joinedVersion, null);
      t.deepEqual(toOwn, { given: expectedOfOwn, offered: expectedOfOwn, isApart: true });
    }),
    { numRuns: 25 },
  );
});

test('former logs: given a terminal that knew no former log, then it relays older messages to its own devices only', async (t) => {
  const history = await open(t);
  await history.saveKnownState({ trackerLog: { identity: 'present', since: START_MS, isOther: false } });
  await saveRoom(history, { version: 5, joinedVersion: 2, past: [] });
  await history.store(messageAt(1, 3, START_MS - 1), 'none', proof);
  await history.store(messageAt(2, 9, START_MS + 1), 'none', proof);
  await history.store(messageAt(3, 5, START_MS + 2), 'none', proof);
  t.deepEqual((await relayable(history, 2, reader)).given, [3]);
  t.deepEqual((await relayable(history, 2, reader)).offered, [3]);
  t.deepEqual((await relayable(history, 2, null)).given, [1, 2, 3]);
});

test('former logs: given a message of the former log that arrives late, then it is relayed to the members known at its version', async (t) => {
  const history = await open(t);
  await history.saveKnownState({ trackerLog: { identity: 'one', since: 1, isOther: false } });
  await saveRoom(history, { version: 5, joinedVersion: 2, past: [] });
  await history.saveKnownState({ trackerLog: { identity: 'two', since: START_MS, isOther: true } });
  await saveRoom(history, { version: 3, joinedVersion: 2, past: [] });
  const [known, later] = [5, 6];
  await history.store(messageAt(1, known, START_MS - 2), 'none', proof);
  await history.store(messageAt(2, later, START_MS - 1), 'none', proof);
  t.deepEqual((await relayable(history, 2, reader)).given, [1]);
});
