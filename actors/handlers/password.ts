// The password change: any device of an account may request it with the current password.

import { COMMAND_ID_REUSED } from '../../core/actor/request.js';
import type { Clock } from '../../core/time/clock.js';
import type { EventStore } from '../../core/events/store.js';
import type { AccountId } from '../../core/ids.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { foldName } from '../../core/protocol/names.js';
import {
  type PasswordChange,
  type SealingKey,
  unsealPasswordChange,
} from '../../core/protocol/signed/sealed.js';
import type { Admission } from '../admission/admission.js';
import type { Pair } from '../admission/failures.js';
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

/**
 * Each wrong password of a request counts as a failed login, so that an unlocked terminal allows no faster guessing. If the
 * current password is wrong, the new one is tested: an earlier request may have changed the password although its answer was
 * lost.
 */
export function createPasswordChange(parts: PasswordParts): ChangePassword {
  const { host, store, directory, hasher, admission, origins, passwords, sealing, clock } = parts;

  /** Tests one password within the limits for failed attempts. */
  async function tried(
    account: AccountId,
    pair: Pair,
    password: string,
  ): Promise<{ readonly isRight: boolean } | { readonly answer: Answer<1> }> {
    const guess = await unlessBusy(
      admission.guessing.guard(pair, async () => {
        const hash = await passwords.hashOf(account);
        return { account, isRight: await hasher.matches(password, hash, pair.origin) };
      }),
    );
    if ('busy' in guess) return { answer: guess.busy };
    const { done } = guess;
    if (done.kind === 'tried') return done.attempt;
    if (done.kind === 'busy') return { answer: busy(done.retryAfterMs) };
    return { answer: tooMany('attempts with this name have failed from your address', done.retryAfterMs) };
  }

  return async (caller, request, operation) => {
    const { account, device } = caller;
    const expected = { id: request.id, device, nowMs: clock.now() };
    const opened = unsealPasswordChange(operation.sealed, sealing, expected);
    if (!('change' in opened)) return opened;
    const receipt = receiptOf(caller, request, { ...operation }, null);
    // A retry of a completed change still names the old password as the current one. The receipt is checked first, so such a
    // retry succeeds.
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
    const current = await tried(account, pair, opened.change.current);
    if ('answer' in current) return current.answer;
    if (!current.isRight) {
      const next = await tried(account, pair, opened.change.next);
      if (!('answer' in next)) return next.isRight ? changed : WRONG;
      // The wrong current password of this request caused the wait, so the answer is about that password.
      return next.answer.phrase === 'TOO_MANY_ATTEMPTS' ? WRONG : next.answer;
    }
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

const WRONG: Answer<1> = { phrase: 'WRONG_PASSWORD' };

const changed: Answer<1> = {
  phrase: 'PASSWORD_CHANGED',
  message:
    'The password was changed. Your other terminals stay logged in. Use /devices to list them or to revoke one.',
};

function refusalOf({ current, next }: PasswordChange, username: string): string | null {
  if (next === current) return 'The new password is the same as the old one. Choose another.';
  return refusePassword(next, username);
}
