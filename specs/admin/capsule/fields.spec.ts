// The fields that a capsule may have: each has a class, and if a field has no class, no file is written.
import { randomBytes } from 'node:crypto';
import test from 'ava';
import { trackerAggregates } from '../../../actors/host.js';
import { classesOfCommand, classesOfEvent } from '../../../admin/capsule/classes.js';
import { createPseudonyms } from '../../../admin/capsule/pseudonyms.js';
import { createRewriter } from '../../../admin/capsule/rewrite.js';
import { OperatorError } from '../../../core/errors.js';
import { GENESIS, sealEvent } from '../../../core/events/chain.js';
import { type NewEvent, readEvent } from '../../../core/events/event.js';
import { systemIds } from '../../../core/ids.js';
import { countedSalts, START } from '../../core/events/samples.js';
import { newDeviceId } from '../../support/identities.js';
import { randomHistory } from '../rehearsal/random-history.js';

test('capsule: every event and command of the tracker has classes for its fields', async (t) => {
  // A capsule has the events of rooms and accounts only.
  for (const { kind, events, commands } of trackerAggregates) {
    if (kind !== 'account' && kind !== 'room') continue;
    for (const type of Object.keys(events)) t.not(classesOfEvent(type), undefined, type);
    for (const type of commands) t.not(classesOfCommand(type), undefined, type);
  }
  const seen = new Set<string>();
  for (const { type, payload, personal, metadata } of await randomHistory(1, 300)) {
    seen.add(type);
    for (const field of Object.keys(payload))
      t.truthy(classesOfEvent(type)?.payload[field], `${type} ${field}`);
    for (const field of Object.keys(personal ?? {})) {
      t.truthy(classesOfEvent(type)?.personal[field], `${type} ${field}`);
    }
    const { type: command = '', ...fields } = metadata.command ?? {};
    for (const field of Object.keys(fields)) {
      t.truthy(classesOfCommand(command)?.[field], `${command} ${field}`);
    }
  }
  t.true(seen.size > 15);
});

const account = systemIds.next();
const other = systemIds.next();
const device = newDeviceId();
const room = `room-${systemIds.next()}`;

const created: NewEvent = {
  type: 'RoomCreated',
  schemaVersion: 2,
  payload: { account, isPrivate: false },
  personal: { name: 'lobby' },
  metadata: {
    account,
    device,
    command: { type: 'CreateRoom', account, roomsOfAccount: 0, isPrivate: false },
    commandId: 'a',
    correlationId: 'a',
    causationId: null,
    traceparent: null,
  },
};

/** The text of a capsule with the events of one room. */
function capsuleOf(events: readonly (NewEvent & { readonly recordedAt?: number })[]): string {
  const newSalt = countedSalts();
  const devices = new Set([device]);
  const ids = new Set([account, other, room.slice('room-'.length)]);
  const pseudonyms = createPseudonyms({ key: randomBytes(32), ids, devices, firstTime: START });
  const rewritten = createRewriter(pseudonyms, { position: () => null, version: () => null });
  const rows = events.map((event, index) => {
    const place = { stream: room, version: index + 1, recordedAt: event.recordedAt ?? START, newSalt };
    const original = readEvent(sealEvent(GENESIS, place, event));
    return { ...rewritten(original), time: pseudonyms.time(original.recordedAt) };
  });
  return JSON.stringify(rows);
}

const joined: NewEvent = {
  ...created,
  type: 'MemberJoined',
  schemaVersion: 1,
  payload: { account: other },
  personal: null,
  metadata: {
    ...created.metadata,
    account: other,
    command: { type: 'JoinRoom', account: other, roomsOfAccount: 0 },
  },
};

const refusals: Readonly<Record<string, readonly [NewEvent & { readonly recordedAt?: number }, RegExp]>> = {
  'a field of the payload without a class': [
    { ...joined, payload: { account: other, shoeSize: 46 } },
    /position 1 cannot be in a capsule: this version does not know whether "shoeSize" of MemberJoined is personal/,
  ],
  'a text without a class': [
    { ...joined, personal: { diary: 'secret' } },
    /"diary" of MemberJoined is personal/,
  ],
  'a field of a command without a class': [
    { ...joined, metadata: { ...joined.metadata, command: { type: 'JoinRoom', account: other, nick: 'x' } } },
    /"nick" of MemberJoined is personal/,
  ],
  'a word that the program does not have': [
    { ...joined, type: 'MemberLeft', payload: { account: other, because: 'of Zelda' } },
    /the value of "because" of MemberLeft is not of its kind/,
  ],
  'a text where a number belongs': [
    {
      ...joined,
      metadata: {
        ...joined.metadata,
        command: { type: 'JoinRoom', account: other, roomsOfAccount: 'Zelda' },
      },
    },
    /the value of "roomsOfAccount" of MemberJoined is not of its kind/,
  ],
  'a list where a flag belongs': [
    { ...created, payload: { account, isPrivate: ['Zelda'] } },
    /the value of "isPrivate" of RoomCreated is not of its kind/,
  ],
  'a text that is an object': [
    { ...created, personal: { name: { first: 'Zelda' } } },
    /the value of "name" of RoomCreated is not of its kind/,
  ],
  'a clock that began at 1970': [{ ...joined, recordedAt: 30_000 }, /is more than 20 years away/],
};

for (const [what, [event, message]] of Object.entries(refusals)) {
  test(`capsule: given ${what}, then it is refused and named`, (t) => {
    t.throws(() => capsuleOf([event]), { instanceOf: OperatorError, message });
  });
}

test('capsule: given unknown fields of the metadata and a command of another version, then they are left out', (t) => {
  const metadata = {
    ...joined.metadata,
    actor: 'Zelda',
    traceparent: 'trace-of-zelda',
    shoeSize: 46,
    command: { type: 'JoinAsZelda', account: other },
  };
  const text = capsuleOf([created, { ...joined, metadata }]);
  t.notRegex(text, /zelda|shoeSize/i);
  t.regex(text, /"command":null/);
});
