// Who leads when no admin is left, or there: the successor that was named, else the longest-standing.
import type { AccountId } from '../../core/ids.js';
import type { LeavingCause, RoomEvent, SuccessionCause } from './events.js';
import type { RoomContext } from './context.js';

/** Who would become admin if the admin `leaver` were none any more; null if another admin stays or nobody does. */
function successorOf({ members, admins, successor }: RoomContext, leaver: AccountId): AccountId | null {
  if (admins.some((admin) => admin !== leaver)) return null;
  if (successor !== null && successor !== leaver) return successor;
  return members.find((member) => member !== leaver) ?? null;
}

/** Who becomes admin beside admins who are away: the longest-standing of the members who are `online`; null if none is. */
export function standInFor({ members, admins }: RoomContext, online: readonly AccountId[]): AccountId | null {
  return members.find((member) => online.includes(member) && !admins.includes(member)) ?? null;
}

/** The admin who is back already, though nobody has said so yet: then nobody stands in; null if none is. */
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

/** A member's leaving with all that follows from it: somebody else leads, or the room closes. */
export function afterLeaving(room: RoomContext, { account, because }: Leaving): readonly RoomEvent[] {
  const left: RoomEvent = { type: 'MemberLeft', account, ...(because === undefined ? {} : { because }) };
  if (room.members.length === 1) return [left, { type: 'RoomClosed', account }];
  return [left, ...successionAfter(room, account, 'left')];
}

/** An admin's demotion with all that follows from it. */
export function afterDemotion(room: RoomContext, account: AccountId): readonly RoomEvent[] {
  return [{ type: 'AdminDemoted', account }, ...successionAfter(room, account, 'steppedDown')];
}

function successionAfter(
  room: RoomContext,
  after: AccountId,
  because: SuccessionCause,
): readonly RoomEvent[] {
  const account = successorOf(room, after);
  return account === null ? [] : [{ type: 'AdminSucceeded', account, after, because }];
}
