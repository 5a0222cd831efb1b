// The password change: any device of an account may request it with the current password.

import { COMMAND_ID_REUSED } from '../../core/actor/request.js';
import type { Clock } from '../../core/time/clock.js';
import type { EventStore } from '../../core/events/store.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { foldName } from '../../core/protocol/names.js';
import {
  type PasswordChange,
  type SealingKey,
  unsealPasswordChange,
} from '../../core/protocol/signed/sealed.js';
import type { Admission } from '../admission/admission.js';
import type { Caller } from '../caller.js';
import type { TrackerHost } from '../host.js';
import type { Hasher } from '../passwords/hasher.js';
import { refusePassword } from '../passwords/policy.js';
import type { PasswordTable } from '../passwords/table.js';
import type { Origins } from '../presence/origins.js';
import type { Directory } from '../projections/directory.js';
import { metadataOf, receiptOf, rejected } from './commands.js';
import { busy, tooMany, unlessBusy } from './retry-later.js';

export interface PasswordParts {
  readonly host: TrackerHost;
  readonly store: Pick<EventStore, 'receipt'>;
  readonly directory: Pick<Directory, 'account'>;
  readonly hasher: Hasher;
  readonly admission: Pick<Admission, 'guessing'>;
  readonly origins: Origins;
  readonly passwords: PasswordTable;
  readonly sealing: SealingKey;
  readonly clock: Clock;
}

interface PasswordOperation {
  readonly operation: 'PASSWORD';
  readonly sealed: string;
}

export type ChangePassword = (
  caller: Caller,
  request: Request,
  operation: PasswordOperation,
) => Promise<Answer<1>>;

/** A wrong current password counts as a failed login, so that an unlocked terminal allows no faster guessing. */
export function createPasswordChange(parts: PasswordParts): ChangePassword {
  const { host, store, directory, hasher, admission, origins, passwords, sealing, clock } = parts;

  return async (caller, request, operation) => {
    const { account, device } = caller;
    const expected = { id: request.id, device, nowMs: clock.now() };
    const opened = unsealPasswordChange(operation.sealed, sealing, expected);
    if (!('change' in opened)) return opened;
    const receipt = receiptOf(caller, request, { ...operation }, null);
    // The current password of a retry is the old one once the change is done, so the receipt is checked first.
    const before = await store.receipt(device, request.id);
    if (before !== null) {
      const reused = { kind: 'refused', reason: COMMAND_ID_REUSED, detail: {} } as const;
      return before.digest === receipt.digest ? changed : rejected(1, reused);
    }
    const row = await directory.account(account);
    if (row === null) return { phrase: 'NOT_ENROLLED' };
    const refusal = refusalOf(opened.change, row.username);
    if (refusal !== null) return { phrase: 'PASSWORD_REFUSED', message: refusal };

    const origin = await origins.of(device);
    const pair = { name: foldName(row.username), origin };
    const guess = await unlessBusy(
      admission.guessing.guard(pair, async () => {
        const hash = await passwords.hashOf(account);
        if (await hasher.matches(opened.change.current, hash, origin)) {
          return { account, isRight: true, isDone: false };
        }
        // The answer to an earlier request with the same passwords may have been lost.
        const isDone = await hasher.matches(opened.change.next, hash, origin);
        return { account, isRight: isDone, isDone };
      }),
    );
    if ('busy' in guess) return guess.busy;
    const { done } = guess;
    if (done.kind !== 'tried') {
      if (done.kind === 'busy') return busy(done.retryAfterMs);
      return tooMany('attempts with this name have failed from your address', done.retryAfterMs);
    }
    if (!done.attempt.isRight) return { phrase: 'WRONG_PASSWORD' };
    if (done.attempt.isDone) return changed;
    const work = await unlessBusy(hasher.hash(opened.change.next, origin));
    if ('busy' in work) return work.busy;
    const outcome = await host.send({
      kind: 'account',
      id: account,
      command: { type: 'ChangePassword', account },
      metadata: metadataOf(caller, request.id),
      secrets: [{ owner: passwords.ownerOf(account), value: work.done }],
      receipt,
    });
    return outcome.kind === 'busy' || outcome.kind === 'refused' ? rejected(1, outcome) : changed;
  };
}

const changed: Answer<1> = {
  phrase: 'PASSWORD_CHANGED',
  message:
    'The password was changed. Your other terminals stay logged in. Use /devices to list them or to revoke one.',
};

function refusalOf({ current, next }: PasswordChange, username: string): string | null {
  if (next === current) return 'The new password is the same as the old one. Choose another.';
  return refusePassword(next, username);
}
