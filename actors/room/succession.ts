// The succession rules: who becomes admin when the last admin leaves, steps down or stays away.
import type { AccountId } from '../../core/ids.js';
import type { LeavingCause, RoomEvent, SuccessionCause } from './events.js';
import type { RoomContext } from './context.js';

/** The member who becomes admin when the last admin stops being admin, and the rule that chooses this member. */
export interface NextLeader {
  readonly account: AccountId;
  readonly rule: 'named' | 'longestStanding';
}

/** The named successor, else the longest-standing member who is not an admin. Null if every member is an admin. */
export function nextLeader({ members, admins, successor }: RoomContext): NextLeader | null {
  if (successor !== null) return { account: successor, rule: 'named' };
  const account = members.find((member) => !admins.includes(member));
  return account === undefined ? null : { account, rule: 'longestStanding' };
}

/** The member who becomes admin when `leaver` stops being admin. Null if another admin remains or nobody else is in the room. */
function successorOf(room: RoomContext, leaver: AccountId): AccountId | null {
  if (room.admins.some((admin) => admin !== leaver)) return null;
  return nextLeader({ ...room, admins: [leaver] })?.account ?? null;
}

/** The stand-in for absent admins: the longest-standing member who is `online` and not an admin; null if no member is. */
export function standInFor({ members, admins }: RoomContext, online: readonly AccountId[]): AccountId | null {
  return members.find((member) => online.includes(member) && !admins.includes(member)) ?? null;
}

/** An admin who is online again, although `AdminReturned` has not arrived yet; null if no admin is. */
export function returnedAdmin({ admins }: RoomContext, online: readonly AccountId[]): AccountId | null {
  return admins.find((admin) => online.includes(admin)) ?? null;
}

interface TickInput {
  readonly context: RoomContext;
  readonly event: { readonly now: number; readonly online: readonly AccountId[] };
}

export const hasAdminReturned = ({ context, event }: TickInput): boolean =>
  returnedAdmin(context, event.online) !== null;
export const isStandInDue = ({ context, event: { now, online } }: TickInput): boolean =>
  context.deadline !== null && now >= context.deadline && standInFor(context, online) !== null;

interface Leaving {
  readonly account: AccountId;
  readonly because?: LeavingCause;
}

/** The events of a leave: the leave itself, and a succession or the closing of the room if one follows. */
export function afterLeaving(room: RoomContext, { account, because }: Leaving): readonly RoomEvent[] {
  const left: RoomEvent = { type: 'MemberLeft', account, ...(because === undefined ? {} : { because }) };
  if (room.members.length === 1) return [left, { type: 'RoomClosed', account }];
  return [left, ...successionAfter(room, account, 'left')];
}

/** The events of a demotion: the demotion itself, and a succession if one follows. */
export function afterDemotion(room: RoomContext, account: AccountId): readonly RoomEvent[] {
  return [{ type: 'AdminDemoted', account }, ...successionAfter(room, account, 'steppedDown')];
}

/** The event of a succession after `after` stops being an admin; empty if none follows. */
export function successionAfter(
  room: RoomContext,
  after: AccountId,
  because: SuccessionCause,
): readonly RoomEvent[] {
  const account = successorOf(room, after);
  return account === null ? [] : [{ type: 'AdminSucceeded', account, after, because }];
}
