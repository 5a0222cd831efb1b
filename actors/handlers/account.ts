// The handler of `Account` requests: a logged-in device manages itself and its account.
import type { Clock } from '../../core/time/clock.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { foldName } from '../../core/protocol/names.js';
import { accountOperationSchema } from '../../core/protocol/operations.js';
import { waitingTime } from '../../core/time/duration.js';
import type { Caller } from '../caller.js';
import type { TrackerHost } from '../host.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import type { AccountRow } from '../projections/tables.js';
import type { Authentication } from './authentication.js';
import { metadataOf, receiptOf, rejected } from './commands.js';
import { createDevices } from './devices.js';
import { type Handler, parseData } from './handler.js';
import type { ChangePassword } from './password.js';

export interface AccountParts {
  readonly host: TrackerHost;
  readonly directory: Pick<Directory, 'account' | 'devicesOf'>;
  readonly presence: Pick<Presence, 'devicesOf'>;
  readonly authentication: Pick<Authentication, 'renew'>;
  readonly changePassword: ChangePassword;
  readonly clock: Clock;
}

export function createAccountHandler(parts: AccountParts): Handler<1> {
  const { host, directory, authentication, changePassword, clock } = parts;
  const devices = createDevices(parts);

  return async (caller, request) => {
    const parsed = parseData(accountOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const operation = parsed.data;
    switch (operation.operation) {
      case 'RENEW':
        return authentication.renew(caller.device);
      case 'LOGOUT': {
        const outcome = await host.send({
          kind: 'account',
          id: caller.account,
          command: { type: 'RevokeDevice', ...caller },
          metadata: metadataOf(caller, request.id),
          receipt: receiptOf(caller, request, operation, null),
        });
        if (outcome.kind === 'busy' || outcome.kind === 'refused') return rejected(1, outcome);
        return { phrase: 'LOGOUT_SUCCESSFUL' };
      }
      case 'DEVICES':
        return devices.list(caller);
      case 'REVOKE':
        return devices.revoke(caller, request, operation);
      case 'RENAME':
        return rename(caller, request, operation);
      case 'PASSWORD':
        return changePassword(caller, request, operation);
    }
  };

  async function rename(
    caller: Caller,
    request: Request,
    operation: { readonly operation: 'RENAME'; readonly username: string },
  ): Promise<Answer<1>> {
    const { account } = caller;
    const { username } = operation;
    const row = await directory.account(account);
    if (row === null) return { phrase: 'NOT_ENROLLED' };
    const data = { username };
    if (row.username === username) {
      return { phrase: 'USERNAME_CHANGED', message: `Your name is ${username}.`, data };
    }
    const personal = { username, formerly: row.username };
    const outcome = await host.send({
      kind: 'account',
      id: account,
      command: { type: 'RenameAccount', account, at: clock.now(), personal },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, operation, data),
    });
    if (outcome.kind === 'busy') return rejected(1, outcome);
    if (outcome.kind === 'refused') {
      if (outcome.reason !== 'TOO_MANY_RENAMES') return rejected(1, outcome);
      return tooManyRenames(Number(outcome.detail['until']) - clock.now());
    }
    // Another rename may have followed this one, so the answer to a retry has the current name.
    if (outcome.kind === 'repeated') return calledNow(await directory.account(account));
    const held = foldName(row.username) === foldName(username) ? '' : ` ${heldFor(row.username)}`;
    return { phrase: 'USERNAME_CHANGED', message: `Your name is now ${username}.${held}`, data };
  }
}

function calledNow(row: AccountRow | null): Answer<1> {
  if (row === null) return { phrase: 'NOT_ENROLLED' };
  const { username } = row;
  return { phrase: 'USERNAME_CHANGED', message: `Your name is now ${username}.`, data: { username } };
}

const heldFor = (name: string): string =>
  `Nobody else can take the name ${name} for ${limits.usernameHeldDays} days, and you can take it back.`;

function tooManyRenames(retryAfterMs: number): Answer<1> {
  const message =
    `An account may be renamed ${limits.usernamesHeld} times in ${limits.usernameHeldDays} days. ` +
    `Try again in ${waitingTime(retryAfterMs)}.`;
  return { phrase: 'TOO_MANY_RENAMES', message, data: { retryAfterMs } };
}
