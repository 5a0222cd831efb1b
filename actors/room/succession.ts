// Who leads when no admin is left, or there: the successor that was named, else the longest-standing.
import type { AccountId } from '../../core/ids.js';
import type { LeavingCause, RoomEvent, SuccessionCause } from './events.js';
import type { Standing } from './standing.js';

/** Who would become admin if the admin `leaver` were none any more; null if another admin stays or nobody does. */
function successorOf({ members, admins, successor }: Standing, leaver: AccountId): AccountId | null {
  if (admins.some((admin) => admin !== leaver)) return null;
  if (successor !== null && successor !== leaver) return successor;
  return members.find((member) => member !== leaver) ?? null;
}

/** Who becomes admin beside admins who are away: the longest-standing of the members who are `online`; null if none is. */
export function standInOf({ members, admins }: Standing, online: readonly AccountId[]): AccountId | null {
  return members.find((member) => online.includes(member) && !admins.includes(member)) ?? null;
}

/** The admin who is back already, though nobody has said so yet: then nobody stands in; null if none is. */
export function returnedOf({ admins }: Standing, online: readonly AccountId[]): AccountId | null {
  return admins.find((admin) => online.includes(admin)) ?? null;
}

interface Looked {
  readonly context: Standing;
  readonly event: { readonly now: number; readonly online: readonly AccountId[] };
}

export const isAdminBack = ({ context, event }: Looked): boolean =>
  returnedOf(context, event.online) !== null;
export const isTimeToStandIn = ({ context, event: { now, online } }: Looked): boolean =>
  context.deadline !== null && now >= context.deadline && standInOf(context, online) !== null;

interface Leaving {
  readonly account: AccountId;
  readonly because?: LeavingCause;
}

/** A member's leaving with all that follows from it: somebody else leads, or the room closes. */
export function afterLeaving(room: Standing, { account, because }: Leaving): readonly RoomEvent[] {
  const left: RoomEvent = { type: 'MemberLeft', account, ...(because === undefined ? {} : { because }) };
  if (room.members.length === 1) return [left, { type: 'RoomClosed', account }];
  return [left, ...succeeded(room, account, 'left')];
}

/** An admin's demotion with all that follows from it. */
export function afterDemotion(room: Standing, account: AccountId): readonly RoomEvent[] {
  return [{ type: 'AdminDemoted', account }, ...succeeded(room, account, 'steppedDown')];
}

function succeeded(room: Standing, after: AccountId, because: SuccessionCause): readonly RoomEvent[] {
  const account = successorOf(room, after);
  return account === null ? [] : [{ type: 'AdminSucceeded', account, after, because }];
}
