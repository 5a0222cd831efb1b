// Registration, login and renewal: what a guest may ask. The broker has proved that the guest holds the device's key.
import type { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import type { EventStore } from '../../core/events/store.js';
import { type AccountId, accountIdSchema, type DeviceId, type Ids } from '../../core/ids.js';
import { type Answer, explain, type Request } from '../../core/protocol/envelope.js';
import { foldName, usernameSchema } from '../../core/protocol/names.js';
import {
  type Credentials,
  type SealingKey,
  sealedSchema,
  unsealCredentials,
} from '../../core/protocol/sealed.js';
import type { Person } from '../../core/protocol/statements.js';
import { USERNAMES } from '../account/aggregate.js';
import type { TrackerHost } from '../host.js';
import { HasherBusyError, type Hasher } from '../passwords/hasher.js';
import { refusePassword } from '../passwords/policy.js';
import type { PasswordTable } from '../passwords/table.js';
import type { Directory } from '../projections/directory.js';
import { metadataOf, receiptOf, undone } from './commands.js';
import type { GrantTo } from './grants.js';
import { parseData } from './handler.js';

export interface AuthenticationParts {
  readonly host: TrackerHost;
  readonly store: EventStore;
  readonly directory: Directory;
  readonly hasher: Hasher;
  readonly passwords: PasswordTable;
  readonly sealing: SealingKey;
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
  const { host, store, directory, hasher, passwords, sealing, grantTo, clock, ids } = parts;

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
    // Before the hash, for that is dear; the reservation itself decides.
    if ((await store.reservation(USERNAMES, foldName(username))) !== null) {
      const before = await store.receipt(device, request.id);
      return before?.digest === receipt.digest ? registered(device) : { phrase: 'USERNAME_TAKEN' };
    }
    const hash = await hashed(password);
    if (hash === null) return { phrase: 'BUSY' };
    const outcome = await host.send({
      kind: 'account',
      id: account,
      command: { type: 'RegisterAccount', account, device, personal: { username } },
      metadata: metadataOf({ account, device }, request.id),
      secrets: [{ owner: passwords.ownerOf(account), value: hash }],
      receipt,
    });
    if (outcome.kind === 'busy' || outcome.kind === 'refused') return undone(1, outcome);
    return registered(device);
  }

  /** Also the answer to a retry: of the same request by the same device, which is enrolled then. */
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
    const row = usernameSchema.safeParse(username).success ? await directory.accountNamed(username) : null;
    const hash = row === null ? null : await passwords.hashOf(row.id);
    // An unknown name costs what a wrong password costs.
    const isRight = await unlessBusy(hasher.matches(password, hash));
    if (isRight === null) return { phrase: 'BUSY' };
    if (row === null || hash === null || !isRight) return { phrase: 'LOGIN_FAILED' };
    if (hasher.isOutdated(hash)) await renewHash(row.id, hash, password);
    const outcome = await host.send({
      kind: 'account',
      id: row.id,
      command: { type: 'EnrolDevice', account: row.id, device },
      metadata: metadataOf({ account: row.id, device }, request.id),
    });
    if (outcome.kind === 'busy' || outcome.kind === 'refused') return undone(1, outcome);
    const person = { account: row.id, username: row.username };
    const message = `Welcome back, ${row.username}.`;
    return granted(person, device, { phrase: 'LOGIN_SUCCESSFUL', message });
  }

  async function renew(device: DeviceId): Promise<AuthAnswer> {
    const person = await holderOf(device);
    if (person === null) return { phrase: 'NOT_ENROLLED' };
    return granted(person, device, { phrase: 'RENEWAL_SUCCESSFUL' });
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
   * Only while the password is in hand can a cheaper hash be replaced by one of the present cost. Where there is too
   * much to do, the next login will.
   */
  async function renewHash(account: AccountId, old: string, password: string): Promise<void> {
    const next = await hashed(password);
    if (next !== null) await passwords.replace(account, old, next);
  }

  function hashed(password: string): Promise<string | null> {
    return unlessBusy(hasher.hash(password));
  }
}

async function unlessBusy<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof HasherBusyError) return null;
    throw thrown;
  }
}
