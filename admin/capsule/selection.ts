// The selection of a capsule: the events that its room or account needs to behave as it did, and their places in the capsule.
import { streamOf } from '../../core/actor/aggregate.js';
import { OperatorError } from '../../core/errors.js';
import type { Look } from '../look.js';
import type { Subject } from '../subject/subject.js';
import { type Candidate, candidateOf } from './candidate.js';
import { eventsOfStream } from './rows.js';

/**
 * The part of the log: everything up to `upTo`. Leaves out people and terminals that were gone at `after` and on which no later
 * event depends.
 */
export interface CapsuleSpan {
  readonly after: number;
  readonly upTo: number;
}

export interface Selection {
  /** The positions of the events, in ascending order. */
  readonly positions: readonly number[];
  readonly places: NewPlaces;
  /** The ids of the rooms and accounts that the events name. */
  readonly ids: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  /** The time of the first event, in milliseconds since the epoch. */
  readonly firstTime: number;
  /** The number of people or terminals that were left out. */
  readonly leftOut: number;
}

/** The places of the selected events in the capsule. Null for an event that is not selected. */
export interface NewPlaces {
  position(position: number): number | null;
  version(stream: string, version: number): number | null;
}

/** The events that only bring and take away a person or a terminal. Without these events all other events happen as they did. */
const PASSING: Readonly<Record<Subject['kind'], ReadonlySet<string>>> = {
  room: new Set([
    'MemberJoined',
    'MemberLeft',
    'MemberRemoved',
    'MemberBanned',
    'MemberUnbanned',
    'MemberInvited',
  ]),
  account: new Set(['DeviceEnrolled', 'DeviceRevoked']),
};
/** The events of another account on which its commands to a room depend, in addition to the events about its terminals. */
const STANDING: ReadonlySet<string> = new Set(['AccountRegistered', 'AccountDisabled', 'AccountEnabled']);

/** Throws an `OperatorError` if the subject has no events up to the end of the span, or one of them is damaged. */
export async function select(look: Look, subject: Subject, span: CapsuleSpan): Promise<Selection> {
  const own = await eventsOfSubject(look, subject, span.upTo);
  const end = own.at(-1)?.position;
  if (end === undefined) {
    throw new OperatorError(
      `there is nothing to write: ${subject.stream} has no events up to position ${span.upTo}`,
      'Give a later moment with --until.',
    );
  }
  const gone = await goneBefore(look, subject, own, span.after);
  const isPassing = PASSING[subject.kind];
  const kept = own.filter(({ type, about }) => about === null || !isPassing.has(type) || !gone.has(about));
  const chosen = await withAccounts(look, subject, kept, end);
  return {
    positions: chosen.map(({ position }) => position),
    places: placesOf(chosen),
    ids: new Set([subject.id, ...chosen.flatMap(({ accounts }) => [...accounts])]),
    devices: new Set(chosen.flatMap(({ devices }) => [...devices])),
    firstTime: chosen[0]?.recordedAt ?? 0,
    leftOut: gone.size,
  };
}

/** The events of the subject up to a position, and all other events of the command that recorded the event at this position. */
async function eventsOfSubject(
  look: Look,
  { kind, stream }: Subject,
  upTo: number,
): Promise<readonly Candidate[]> {
  const events: Candidate[] = [];
  for await (const event of eventsOfStream(look.sql, stream, Number.POSITIVE_INFINITY)) {
    const last = events.at(-1);
    const isOfLast = last?.commandId === event.metadata.commandId && last.position === event.position - 1;
    if (event.position > upTo && !isOfLast) break;
    events.push(candidateOf(event, kind));
  }
  return events;
}

/** The people or terminals that only came and went up to the position, are gone at the position, and are not named after it. */
async function goneBefore(
  look: Look,
  { kind, stream }: Subject,
  events: readonly Candidate[],
  after: number,
): Promise<ReadonlySet<string>> {
  const passing = new Set<string>();
  if (after === 0) return passing;
  const needed = new Set(await presentAt(look, kind, stream, after));
  for (const { type, about, position, accounts, devices } of events) {
    for (const one of kind === 'room' ? accounts : devices) {
      if (position <= after && PASSING[kind].has(type) && about === one) passing.add(one);
      else needed.add(one);
    }
  }
  return new Set([...passing].filter((one) => !needed.has(one)));
}

async function presentAt(
  { states }: Look,
  kind: Subject['kind'],
  stream: string,
  position: number,
): Promise<readonly string[]> {
  if (kind === 'account') return (await states.account(stream, position)).snapshot.context.devices;
  const { members, invited, banned } = (await states.room(stream, position)).snapshot.context;
  return [...members, ...invited, ...banned];
}

/** The events and, in the order of the log, those of the other accounts that they name. */
async function withAccounts(
  look: Look,
  { id }: Subject,
  events: readonly Candidate[],
  upTo: number,
): Promise<readonly Candidate[]> {
  const streams = new Map<string, readonly Candidate[]>([[id, []]]);
  // The added events may name further accounts and terminals.
  for (let chosen = events; ; ) {
    for (const account of new Set(chosen.flatMap(({ accounts }) => [...accounts]))) {
      if (!streams.has(account)) streams.set(account, await eventsOfAccount(look, account, upTo));
    }
    const used = new Set(chosen.map(({ account, device }) => `${account} ${device}`));
    const added = [...streams].flatMap(([account, own]) => neededOf(account, own, used));
    if (events.length + added.length === chosen.length) {
      return chosen.toSorted((one, other) => one.position - other.position);
    }
    chosen = [...events, ...added];
  }
}

async function eventsOfAccount(look: Look, account: string, upTo: number): Promise<readonly Candidate[]> {
  const events: Candidate[] = [];
  for await (const event of eventsOfStream(look.sql, streamOf('account', account), upTo)) {
    events.push(candidateOf(event, 'account'));
  }
  return events;
}

/** The events of an account on which its commands to others depend. @param used the accounts with the devices that sent commands */
function neededOf(
  account: string,
  events: readonly Candidate[],
  used: ReadonlySet<string>,
): readonly Candidate[] {
  const registration = events.find(({ type }) => type === 'AccountRegistered')?.commandId;
  const first = new Set(
    events
      .filter(({ type, commandId }) => type === 'DeviceEnrolled' && commandId === registration)
      .map(({ about }) => about),
  );
  return events.filter(
    ({ type, about }) =>
      STANDING.has(type) ||
      (PASSING.account.has(type) && (first.has(about) || used.has(`${account} ${about}`))),
  );
}

function placesOf(chosen: readonly Candidate[]): NewPlaces {
  const positions = new Map<number, number>();
  const versions = new Map<string, number>();
  const lengths = new Map<string, number>();
  for (const [index, { position, stream, version }] of chosen.entries()) {
    const length = (lengths.get(stream) ?? 0) + 1;
    lengths.set(stream, length);
    positions.set(position, index + 1);
    versions.set(`${stream}/${version}`, length);
  }
  return {
    position: (position) => positions.get(position) ?? null,
    version: (stream, version) => versions.get(`${stream}/${version}`) ?? null,
  };
}
