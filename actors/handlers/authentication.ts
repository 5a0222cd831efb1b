// Registration, login and renewal: the requests of guests. The broker has verified that the guest holds the device's key.
import type { z } from 'zod';
import type { Clock } from '../../core/time/clock.js';
import type { EventStore } from '../../core/events/store.js';
import { type AccountId, accountIdSchema, type DeviceId, type Ids } from '../../core/ids.js';
import { type Answer, explain, type Request } from '../../core/protocol/envelope.js';
import { deviceNameOf, foldName, usernameSchema } from '../../core/protocol/names.js';
import {
  type Credentials,
  type SealingKey,
  sealedSchema,
  unsealCredentials,
} from '../../core/protocol/signed/sealed.js';
import type { Person } from '../../core/protocol/signed/statements.js';
import { USERNAMES } from '../account/aggregate.js';
import type { Admission } from '../admission/admission.js';
import type { Origin } from '../../core/origin.js';
import type { TrackerHost } from '../host.js';
import type { Hasher } from '../passwords/hasher.js';
import { refusePassword } from '../passwords/policy.js';
import type { PasswordTable } from '../passwords/table.js';
import type { Origins } from '../presence/origins.js';
import type { Directory } from '../projections/directory.js';
import type { RevocationList } from '../projections/revocations.js';
import type { AccountRow } from '../projections/tables.js';
import { metadataOf, receiptOf, rejected } from './commands.js';
import type { GrantTo } from './grants.js';
import { parseData } from './handler.js';
import { busy, tooMany, unlessBusy } from './retry-later.js';

export interface AuthenticationParts {
  readonly host: TrackerHost;
  readonly store: EventStore;
  readonly directory: Directory;
  readonly hasher: Hasher;
  readonly admission: Pick<Admission, 'guessing' | 'registrations'>;
  readonly origins: Origins;
  readonly passwords: PasswordTable;
  readonly sealing: SealingKey;
  readonly revocations: Pick<RevocationList, 'lastOf'>;
  readonly grantTo: GrantTo;
  readonly clock: Clock;
  readonly ids: Ids;
}

type AuthAnswer = Answer<1>;

type Opened =
  | { readonly credentials: Credentials; readonly data: z.infer<typeof sealedSchema> }
  | { readonly refusal: AuthAnswer };

export interface Authentication {
  register(device: DeviceId, request: Request): Promise<AuthAnswer>;
  login(device: DeviceId, request: Request): Promise<AuthAnswer>;
  renew(device: DeviceId): Promise<AuthAnswer>;
}

export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { host, store, directory, hasher, admission, origins, passwords, sealing, clock, ids } = parts;
  const { revocations, grantTo } = parts;

  return { register, login, renew };

  async function register(device: DeviceId, request: Request): Promise<AuthAnswer> {
    const opened = open(device, request);
    if ('refusal' in opened) return opened.refusal;
    const { username, password } = opened.credentials;
    const name = usernameSchema.safeParse(username);
    if (!name.success) return { phrase: 'INVALID_COMMAND', message: explain(name.error) };
    const refusal = refusePassword(password, username);
    if (refusal !== null) return { phrase: 'PASSWORD_REFUSED', message: refusal };
    const account = accountIdSchema.parse(ids.next());
    const receipt = receiptOf({ device }, request, opened.data, account);
    // A taken name is refused before the costly hash. The reservation, made later, decides.
    if ((await store.reservation(USERNAMES, foldName(username))) !== null) {
      const before = await store.receipt(device, request.id);
      if (before?.digest === receipt.digest) return registered(device);
      return (await registeredBefore(device, opened.credentials)) ?? { phrase: 'USERNAME_TAKEN' };
    }
    const origin = await origins.of(device);
    const waitMs = admission.registrations.take(origin, 1);
    if (waitMs > 0) return tooMany('accounts have been made from your address', waitMs);
    const work = await unlessBusy(hasher.hash(password, origin));
    if ('busy' in work) {
      admission.registrations.giveBack(origin, 1);
      return work.busy;
    }
    const outcome = await host.send({
      kind: 'account',
      id: account,
      command: {
        type: 'RegisterAccount',
        account,
        device,
        personal: { username, deviceName: nameIn(opened) },
      },
      metadata: metadataOf({ account, device }, request.id),
      secrets: [{ owner: passwords.ownerOf(account), value: work.done }],
      receipt,
    });
    if (outcome.kind === 'busy') return rejected(1, outcome);
    if (outcome.kind === 'refused') {
      // An earlier request of this terminal may have been carried out in the meantime.
      return (await registeredBefore(device, opened.credentials)) ?? rejected(1, outcome);
    }
    return registered(device);
  }

  /**
   * The answer to a terminal that got no answer to its registration and registers again with a new request. Its key and the
   * password prove that the account is its own. Null if the name belongs to another terminal or the password is wrong.
   */
  async function registeredBefore(
    device: DeviceId,
    { username, password }: Credentials,
  ): Promise<AuthAnswer | null> {
    const person = await holderOf(device);
    if (person === null || foldName(person.username) !== foldName(username)) return null;
    const tried = await tryPassword(username, await origins.of(device), password);
    if ('answer' in tried) return tried.answer;
    return tried.attempt.isRight && tried.attempt.row?.id === person.account ? registered(device) : null;
  }

  /** Compares a password with that of the account with this name, within the limits for failed attempts. */
  async function tryPassword(username: string, origin: Origin, password: string) {
    const isName = usernameSchema.safeParse(username).success;
    const pair = { name: isName ? foldName(username) : '', origin };
    const guess = await unlessBusy(
      admission.guessing.guard(pair, async () => {
        const row = isName ? await directory.accountNamed(username) : null;
        // An unknown name takes the same time as a wrong password.
        const hash = await passwords.hashOf(row?.id ?? NOBODY);
        const isRight = await hasher.matches(password, hash, origin);
        return { account: row?.id ?? null, row, hash, isRight };
      }),
    );
    if ('busy' in guess) return { answer: guess.busy };
    const { done } = guess;
    if (done.kind === 'tried') return { attempt: done.attempt };
    if (done.kind === 'busy') return { answer: busy(done.retryAfterMs) };
    return { answer: tooMany('attempts with this name have failed from your address', done.retryAfterMs) };
  }

  /** A retry of the request by the same device, which is already enrolled, gets an answer too. */
  async function registered(device: DeviceId): Promise<AuthAnswer> {
    const person = await holderOf(device);
    if (person === null) return { phrase: 'NOT_ENROLLED' };
    const message = `Welcome, ${person.username}. This terminal stays logged in.`;
    return granted(person, device, { phrase: 'REGISTRATION_SUCCESSFUL', message });
  }

  async function login(device: DeviceId, request: Request): Promise<AuthAnswer> {
    const opened = open(device, request);
    if ('refusal' in opened) return opened.refusal;
    const { username, password } = opened.credentials;
    const origin = await origins.of(device);
    const tried = await tryPassword(username, origin, password);
    if ('answer' in tried) return tried.answer;
    const { row, hash, isRight } = tried.attempt;
    if (row === null || hash === null || !isRight) return { phrase: 'LOGIN_FAILED' };
    if (hasher.isOutdated(hash)) await renewHash(row.id, hash, password, origin);
    const outcome = await host.send({
      kind: 'account',
      id: row.id,
      command: { type: 'EnrolDevice', account: row.id, device, personal: { deviceName: nameIn(opened) } },
      metadata: metadataOf({ account: row.id, device }, request.id),
    });
    if (outcome.kind === 'refused' && outcome.reason === 'ACCOUNT_DISABLED') {
      return disabled((await directory.account(row.id)) ?? row);
    }
    if (outcome.kind === 'busy' || outcome.kind === 'refused') return rejected(1, outcome);
    const person = { account: row.id, username: row.username };
    const message = `Welcome back, ${row.username}.`;
    return granted(person, device, { phrase: 'LOGIN_SUCCESSFUL', message });
  }

  async function renew(device: DeviceId): Promise<AuthAnswer> {
    const person = await holderOf(device);
    if (person === null) return notEnrolled(device);
    return granted(person, device, { phrase: 'RENEWAL_SUCCESSFUL' });
  }

  /** Explains why the device is not enrolled. The broker has verified its key, so the device may know what happened to its login. */
  async function notEnrolled(device: DeviceId): Promise<AuthAnswer> {
    const last = await revocations.lastOf(device);
    const row = last && (await directory.account(last.account));
    if (last === null || row === null || last.revokedBy === device) return { phrase: 'NOT_ENROLLED' };
    if (row.disabledPosition !== null && last.revokedBy === null) return disabled(row);
    const by = last.revokedBy === null ? null : await directory.nameOf(last.revokedBy);
    const who =
      last.revokedBy === null ? 'by the operator of the tracker' : 'from another terminal of the account';
    const from = by === null ? '' : ` ("${by}")`;
    const at = new Date(last.revokedAt).toISOString();
    const why = last.reason === null || last.reason === '' ? '' : ` Reason: ${last.reason}`;
    const message = `This terminal was logged out of the account ${row.username} ${who}${from} at ${at}.${why}`;
    return { phrase: 'NOT_ENROLLED', message };
  }

  async function granted(person: Person, device: DeviceId, success: AuthAnswer): Promise<AuthAnswer> {
    const data = await grantTo(person, device);
    return data === null ? { phrase: 'NOT_ENROLLED' } : { ...success, data };
  }

  async function holderOf(device: DeviceId): Promise<Person | null> {
    const owner = await directory.ownerOf(device);
    const row = owner === null ? null : await directory.account(owner);
    return row && { account: row.id, username: row.username };
  }

  function open(device: DeviceId, request: Request): Opened {
    const parsed = parseData(sealedSchema, request);
    if ('invalid' in parsed) return { refusal: parsed.invalid };
    const expected = { id: request.id, device, nowMs: clock.now() };
    const opened = unsealCredentials(parsed.data.sealed, sealing, expected);
    return 'credentials' in opened ? { ...opened, data: parsed.data } : { refusal: opened };
  }

  /**
   * Replaces a hash of a lower cost. This is possible only while the password is known. If the password queue is full, the next
   * login replaces the hash.
   */
  async function renewHash(account: AccountId, old: string, password: string, origin: Origin): Promise<void> {
    const next = await unlessBusy(hasher.hash(password, origin));
    if ('done' in next) await passwords.replace(account, old, next.done);
  }
}

/** The answer to somebody who has proven to own the account, by its password or by the key of a revoked device. */
function disabled({ username, disabledReason }: AccountRow): AuthAnswer {
  const why = disabledReason === null || disabledReason === '' ? '' : ` Reason: ${disabledReason}`;
  const message = `The operator of the tracker has disabled the account ${username}.${why}`;
  return { phrase: 'ACCOUNT_DISABLED', message };
}

const nameIn = ({ credentials }: { readonly credentials: Credentials }): string =>
  deviceNameOf(credentials.deviceName ?? '');

/** An id without data. Its lookup takes as long as the lookup of an existing account. */
const NOBODY = accountIdSchema.parse('0'.repeat(26));
