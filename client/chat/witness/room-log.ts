// The action `/log`: the moderation history of a room, with the proof of each event that this terminal has checked itself.
import { z } from 'zod';
import type { RecordedEvent } from '../../../core/events/event.js';
import { type AccountId, accountIdSchema } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { explain } from '../../../core/protocol/envelope.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { roomNameSchema } from '../../../core/protocol/names.js';
import { moderationEvents, type RoomLogAnswer, roomLogSchema } from '../../../core/protocol/room-log.js';
import { ruleOf } from '../../../core/protocol/rules.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Clock } from '../../../core/time/clock.js';
import type { Session } from '../../session/port.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel, Tell } from '../events.js';
import { granted, refusal, refused, unusable } from '../outcome.js';
import type { People } from '../people/people.js';
import type { ChatActions } from '../port.js';
import type { LoggedModeration } from '../results.js';
import type { Rooms } from '../rooms/rooms.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import { faultReport } from './fault.js';
import { type CheckedEvent, checkEvent } from './logged-event.js';
import type { Witness } from './witness.js';

export interface RoomLogParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly rooms: Pick<Rooms, 'find'>;
  readonly conversations: Pick<Conversations, 'current' | 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
  readonly witness: Pick<Witness, 'fault' | 'newest'>;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly log: Log;
}

const NO_PROOF =
  'The tracker gives no checkpoint of its history, so the history of the room cannot be proved. The tracker may need an update.';

const payloadSchema = z.object({
  account: accountIdSchema,
  because: z.string().optional().catch(undefined),
  deadline: z.int().nullish().catch(null),
});
const textSchema = z.object({
  reason: z.string().catch('').default(''),
  topic: z.string().optional().catch(undefined),
});
const known: ReadonlySet<string> = new Set(moderationEvents);
/** Events that follow from a rule: the account whose command led to them did not decide them. */
const CONSEQUENCES: ReadonlySet<string> = new Set([
  'AdminSucceeded',
  'RoomUnattended',
  'RoomAttended',
  'RoomClosed',
]);

const isByOperator = ({ metadata: { account, actor } }: RecordedEvent): boolean =>
  account === null && actor === 'operator';

export function createRoomLog(parts: RoomLogParts): Pick<ChatActions, 'log'> {
  const { session, rooms, conversations, people, trackerSync, witness, clock, tell, log } = parts;

  /** The room that the user named, or the open one. */
  function labelOf(written: string | null): ConversationLabel | null {
    if (written !== null) return `#${written}`;
    const current = conversations.current();
    const label = current === null ? null : conversations.labelOf(current);
    return label?.startsWith('#') === true ? label : null;
  }

  function nameOf(account: unknown, answer: RoomLogAnswer): string | null {
    const id = accountIdSchema.safeParse(account).data;
    if (id === undefined) return null;
    return sanitiseLine(answer.people.find((one) => one.account === id)?.username ?? people.nameOf(id));
  }

  function shownEvent(
    { event, isProved }: CheckedEvent,
    label: ConversationLabel,
    answer: RoomLogAnswer,
  ): LoggedModeration | null {
    const payload = payloadSchema.safeParse(event.payload);
    if (!payload.success || !known.has(event.type)) return null;
    const { account, because = '', deadline } = payload.data;
    const { reason, topic } = textSchema.parse(event.personal ?? {});
    const why = reason === '' ? ruleOf(event.type, because) : sanitiseLine(reason);
    return {
      type: event.type,
      version: event.version,
      position: event.position,
      conversation: label,
      username: nameOf(account, answer) ?? '',
      by: CONSEQUENCES.has(event.type) ? null : nameOf(event.metadata.account, answer),
      ...(!CONSEQUENCES.has(event.type) && isByOperator(event) && { isByOperator: true as const }),
      reason: why,
      ...(topic !== undefined && { topic: sanitiseLine(topic) }),
      ...(typeof deadline === 'number' && { deadline }),
      at: event.recordedAt,
      isTextHidden: event.personalDigest !== null && event.personal === null,
      isProved,
    };
  }

  return {
    async log(written, before) {
      const label = labelOf(written);
      const name = roomNameSchema.safeParse(label?.slice(1) ?? '');
      if (label === null) return refusal(2, 'INVALID_COMMAND', 'No room is open. Name one: /log ROOM.');
      if (!name.success) return refusal(2, 'INVALID_COMMAND', `${explain(name.error)} Use /log ROOM.`);
      // The newest events are proved by the newest checkpoint only.
      await trackerSync.sync();
      const { fault, newest } = witness;
      if (fault !== null) return refusal(2, 'HISTORY_BROKEN', faultReport(fault));
      const me: AccountId | undefined = session.identity?.account;
      if (newest === null || me === undefined) return refusal(2, 'UNAVAILABLE', NO_PROOF);
      const request = { operation: 'LOG', name: name.data, size: newest.size };
      const response = await session.request('ChatRoom', { ...request, ...(before !== null && { before }) });
      if (!isSuccess(response.status)) return refused(response);
      const answer = roomLogSchema.safeParse(response.data);
      if (!answer.success) return unusable(explain(answer.error));
      const room = rooms.find(name.data, me)?.conversation;
      let below = before ?? Number.MAX_SAFE_INTEGER;
      const events: LoggedModeration[] = [];
      for (const logged of answer.data.events) {
        const checked = checkEvent(logged, newest);
        const event = checked && shownEvent(checked, label, answer.data);
        if (checked === null || event === null) return unusable('an event of the room cannot be read');
        // Count an event as proved only if it belongs to this room and is older than the previous event of the answer.
        const isHere = checked.event.stream === room && event.version < below;
        below = event.version;
        events.unshift({ ...event, isProved: event.isProved && isHere });
      }
      const message = reportOn(events, label, answer.data.before);
      if (events.some(({ isProved }) => !isProved)) warn(message);
      return granted({ ...response, message }, { conversation: label, events, before: answer.data.before });
    },
  };

  function warn(message: string): void {
    log.warn({ message }, 'the tracker sent events of a room that its log does not prove');
    tell('warning', { type: 'UnprovenHistory', peer: null, message, at: clock.now() });
  }
}

function reportOn(
  events: readonly LoggedModeration[],
  label: ConversationLabel,
  before: number | null,
): string {
  const more = before === null ? '' : ` For earlier events: /log ${label.slice(1)} ${before}`;
  const unproved = events.filter(({ isProved }) => !isProved).length;
  if (unproved > 0)
    return `${unproved} of ${events.length} events of ${label} are not proved: the tracker may have invented or changed them.${more}`;
  return `${counted(events.length)} of ${label}, proved by the tracker's log. Joins and leaves are not listed.${more}`;
}

const counted = (count: number): string => (count === 1 ? '1 event' : `${count} events`);
