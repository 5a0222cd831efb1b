// The people whom the tracker notifies of events: the subject of each event and the members of its room. A new username counts for its
// owner only, although everyone online receives it, because the log does not store who was online.
import { noticeTypeSchema } from '../../../core/protocol/signed/statements.js';
import type { DecidedEvent } from '../outcome.js';
import type { MachineState } from '../../state/state.js';
import { listOf } from './contexts.js';

export interface Audience {
  /** Adds the notices of a command. @param sign 1 in the changed history, -1 in the real one */
  add(events: readonly DecidedEvent[], before: MachineState, after: MachineState, sign: 1 | -1): void;
  /** By account: how many notices are additional, and how many are missing. Accounts without a difference are absent. */
  differences(): ReadonlyMap<string, { readonly more: number; readonly fewer: number }>;
  /** Ends one command: notices of the same command cancel each other. */
  settle(): void;
}

export function createAudience(): Audience {
  const total = new Map<string, { more: number; fewer: number }>();
  const open = new Map<string, number>();

  return {
    add(events, before, after, sign) {
      for (const { type, payload } of events) {
        if (!noticeTypeSchema.safeParse(type).success) continue;
        const subject = payload['account'];
        // A room that closes has no members afterwards.
        const audience = new Set(listOf(type === 'RoomClosed' ? before : after, 'members'));
        if (typeof subject === 'string') audience.add(subject);
        for (const account of audience) {
          const key = JSON.stringify([account, type, subject]);
          open.set(key, (open.get(key) ?? 0) + sign);
        }
      }
    },
    settle() {
      for (const [key, count] of open) {
        if (count === 0) continue;
        const [account]: readonly string[] = JSON.parse(key);
        if (account === undefined) continue;
        const sum = total.get(account) ?? { more: 0, fewer: 0 };
        if (count > 0) sum.more += count;
        else sum.fewer -= count;
        total.set(account, sum);
      }
      open.clear();
    },
    differences: () => total,
  };
}
