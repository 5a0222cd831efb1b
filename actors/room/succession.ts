// Who leads when the last admin goes: the longest-standing of those who stay.
import type { AccountId } from '../../core/ids.js';

export interface Standing {
  /** In join order. */
  readonly members: readonly AccountId[];
  readonly admins: readonly AccountId[];
}

/** Who would become admin if `leaver` went now; null if another admin stays or nobody does. */
export function successorOf({ members, admins }: Standing, leaver: AccountId): AccountId | null {
  if (admins.some((admin) => admin !== leaver)) return null;
  return members.find((member) => member !== leaver) ?? null;
}
