// A room at a moment, as `admin show` shows it.
import { z } from 'zod';
import { nextLeader } from '../../actors/room/succession.js';
import type { LoggedEvent } from '../../core/events/event.js';
import { type Look, type Point, pointOf } from '../look.js';
import type { RoomState } from '../state/reader.js';
import { entriesOf } from '../state/state.js';
import { type Person, personAt } from '../subject/person.js';
import type { Subject } from '../subject/subject.js';

/** A person in a list, with the event that put them there. `by` is null if the tracker or the operator caused the event. */
export interface Listed extends Person {
  readonly since: Point;
  readonly by: Person | null;
}

export interface RoomShown {
  readonly kind: 'room';
  readonly id: string;
  /** Null if the name was redacted, or the room did not exist yet. */
  readonly name: string | null;
  readonly at: Point;
  readonly state: 'unopened' | 'open' | 'closed';
  /** The number of the room's events up to the moment. `lastEvent` is the last one. */
  readonly version: number;
  readonly lastEvent: (Point & { readonly type: string }) | null;
  readonly created: (Point & { readonly by: Person | null }) | null;
  readonly isPrivate: boolean;
  readonly topic: (Point & { readonly text: string | null; readonly by: Person | null }) | null;
  /** Null while an admin is online, or the room is not open. `deadline` is when a member becomes admin; null: never. */
  readonly unattended: (Point & { readonly deadline: string | null }) | null;
  /** In join order. */
  readonly members: readonly (Listed & { readonly isAdmin: boolean })[];
  /** In the order in which they became admin. */
  readonly admins: readonly (Listed & {
    readonly event: string;
    /** For a succession: the previous admin (`after`), and the cause of the succession. */
    readonly after: Person | null;
    readonly because: string | null;
  })[];
  /** The member who becomes admin when the last admin leaves or steps down; null if nobody else is in the room. */
  readonly next: (Person & { readonly rule: 'named' | 'longestStanding' }) | null;
  readonly banned: readonly (Listed & { readonly reason: string | null })[];
  readonly invited: readonly Listed[];
}

const succession = z.object({ after: z.string(), because: z.string().default('left') });
const withReason = z.object({ reason: z.string() });
const withTopic = z.object({ topic: z.string() });

export async function showRoom(look: Look, subject: Subject, at: Point): Promise<RoomShown> {
  const state = await look.states.room(subject.stream, at.position);
  const { context } = state.snapshot;
  const end = await look.end();
  const lists = {
    members: entriesOf(state, 'members', context.members),
    admins: entriesOf(state, 'admins', context.admins),
    banned: entriesOf(state, 'banned', context.banned),
    invited: entriesOf(state, 'invited', context.invited),
  };
  const { RoomCreated: created, TopicChanged: topic, RoomUnattended: unattended } = state.sources.latest;
  const positions = Object.values(lists).flatMap((list) => list.map(({ position }) => position));
  const singles = [created, topic, unattended, state.version === 0 ? undefined : state.position];
  const event = await look.events([...positions, ...singles.flatMap((one) => one ?? [])]);
  const person = (account: string): Promise<Person> => personAt(look.names, account, at.position, end);
  const actor = async ({ metadata }: LoggedEvent): Promise<Person | null> =>
    metadata.account === null ? null : person(metadata.account);

  async function listed(value: string, position: number): Promise<Listed> {
    const source = event(position);
    return { ...(await person(value)), since: pointOf(source), by: await actor(source) };
  }

  async function eventAt(position: number | undefined) {
    if (position === undefined) return null;
    const source = event(position);
    return { ...pointOf(source), source, by: await actor(source) };
  }

  const creation = await eventAt(created);
  const topicChange = await eventAt(topic);
  const absence = state.snapshot.matches({ open: 'unattended' }) ? await eventAt(unattended) : null;
  const last = state.version === 0 ? null : event(state.position);
  const next = nextLeader(context);
  return {
    kind: 'room',
    id: subject.stream,
    name: await look.names.ofRoom(subject.stream, at.position),
    at,
    state: stateName(state),
    version: state.version,
    lastEvent: last && { ...pointOf(last), type: last.type },
    created: creation && { position: creation.position, time: creation.time, by: creation.by },
    isPrivate: context.isPrivate,
    topic: topicChange && {
      position: topicChange.position,
      time: topicChange.time,
      text: withTopic.safeParse(topicChange.source.personal).data?.topic ?? null,
      by: topicChange.by,
    },
    unattended: absence && {
      position: absence.position,
      time: absence.time,
      deadline: context.deadline === null ? null : new Date(context.deadline).toISOString(),
    },
    members: await Promise.all(
      lists.members.map(async ({ value, position }) => ({
        ...(await listed(value, position)),
        isAdmin: context.admins.includes(value),
      })),
    ),
    admins: await Promise.all(
      lists.admins.map(async ({ value, position }) => {
        const source = event(position);
        const cause = succession.safeParse(source.type === 'AdminSucceeded' ? source.payload : null).data;
        return {
          ...(await listed(value, position)),
          event: source.type,
          after: cause === undefined ? null : await person(cause.after),
          because: cause?.because ?? null,
        };
      }),
    ),
    next: next && { ...(await person(next.account)), rule: next.rule },
    banned: await Promise.all(
      lists.banned.map(async ({ value, position }) => ({
        ...(await listed(value, position)),
        reason: withReason.safeParse(event(position).personal).data?.reason ?? null,
      })),
    ),
    invited: await Promise.all(lists.invited.map(({ value, position }) => listed(value, position))),
  };
}

function stateName({ snapshot }: RoomState): RoomShown['state'] {
  if (snapshot.matches('unopened')) return 'unopened';
  return snapshot.matches('closed') ? 'closed' : 'open';
}
