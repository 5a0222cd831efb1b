// The reactor that makes a disabled account leave its rooms. It follows the log from its checkpoint, so it misses no event. It
// derives the id of each command from its cause, so no command is applied twice. The rooms decide about successions.
import { z } from 'zod';
import { addressOf } from '../../core/actor/aggregate.js';
import { invariant } from '../../core/errors.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import { isOfEvent, requireKnown } from '../../core/events/unhandled.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Schedule } from '../../core/time/clock.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { consequenceOf } from './consequence.js';
import { type TrackerHost, whyUnknown } from '../host.js';
import type { Directory } from '../projections/directory.js';
import type { MembershipRow } from '../projections/tables.js';

export interface DisabledAccountsParts {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  readonly directory: Pick<Directory, 'disabledOf' | 'membershipsOf'>;
  readonly host: Pick<TrackerHost, 'send'>;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly schedule: Schedule;
}

/** The name of its checkpoint and the scope of its receipts. */
const REACTOR = 'departures';

/** The events that make an account a member of a room. */
const ENTRIES: ReadonlySet<string> = new Set(['RoomCreated', 'MemberJoined']);

const aboutAccount = z.object({ account: accountIdSchema });

/** Runs until `signal` aborts. */
export function runDisabledAccounts({ directory, host, ...following }: DisabledAccountsParts): Promise<void> {
  const { store } = following;

  /** Leaves the rooms that the account was in when `event` disabled it. Later memberships are legitimate. */
  async function leaveAll(event: RecordedEvent, account: AccountId): Promise<void> {
    const failures: unknown[] = [];
    for (const membership of await directory.membershipsOf(account)) {
      try {
        if ((await joinedAt(membership)) < event.position) await leave(event, account, membership.room);
      } catch (thrown) {
        // A room that this version cannot read must not keep the account in its other rooms.
        if (!isOfEvent(thrown)) throw thrown;
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async function joinedAt({ room, joinedVersion }: MembershipRow): Promise<number> {
    const [joined] = await store.readStream(room, { fromVersion: joinedVersion, limit: 1 });
    invariant(joined !== undefined, `a membership of ${room} began without an event`);
    return joined.position;
  }

  /** Leaves a room that a disabled account entered by a request from before it was disabled. */
  async function leaveAgain(event: RecordedEvent, disabled: ReadonlyMap<AccountId, number>): Promise<void> {
    const { account } = aboutAccount.parse(event.payload);
    const position = disabled.get(account);
    if (position === undefined || event.position < position) return;
    await leave(event, account, conversationIdSchema.parse(event.stream));
  }

  async function leave(cause: RecordedEvent, account: AccountId, room: ConversationId): Promise<void> {
    const id = addressOf(room)?.id;
    invariant(id !== undefined, `${room} is not a room`);
    const command = { type: 'LeaveRoom', account, because: 'disabled' } as const;
    const outcome = await host.send({ kind: 'room', id, command, ...consequenceOf(cause, REACTOR, room) });
    // A refusal means that the member was already removed. A busy room is retried.
    if (outcome.kind === 'busy') throw new Error(`${room} is busy`);
  }

  return follow(store, {
    ...following,
    name: REACTOR,
    handleSlice: async (events) => {
      for (const event of events) requireKnown(event, whyUnknown);
      const entries = events.filter(({ type }) => ENTRIES.has(type));
      const entered = new Set(entries.map(({ payload }) => aboutAccount.parse(payload).account));
      // One query answers for the whole slice. If an account is disabled later, its `AccountDisabled` event follows this slice.
      const disabled = await directory.disabledOf([...entered]);
      for (const event of events) {
        if (event.type === 'AccountDisabled')
          await leaveAll(event, aboutAccount.parse(event.payload).account);
        else if (ENTRIES.has(event.type)) await leaveAgain(event, disabled);
      }
    },
  });
}
