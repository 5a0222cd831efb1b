// Registration, login and renewal: what a guest may ask. The broker has proved that the guest holds the device's key.
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
import { phraseIn } from '../../core/protocol/status.js';
import { USERNAMES } from '../account/aggregate.js';
import type { TrackerHost } from '../host.js';
import { HasherBusyError, type Hasher } from '../passwords/hasher.js';
import { refusePassword } from '../passwords/policy.js';
import type { PasswordTable } from '../passwords/table.js';
import type { Directory } from '../projections/directory.js';
import { metadataOf } from './commands.js';
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

export interface Authentication {
  register(device: DeviceId, request: Request): Promise<AuthAnswer>;
  login(device: DeviceId, request: Request): Promise<AuthAnswer>;
  renew(device: DeviceId): Promise<AuthAnswer>;
}

export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { host, store, directory, hasher, passwords, sealing, grantTo, clock, ids } = parts;

  return {
    register: (device, request) => withCredentials(device, request, register),
    login: (device, request) => withCredentials(device, request, login),
    async renew(device) {
      const owner = await directory.ownerOf(device);
      const account = owner === null ? null : await directory.account(owner);
      if (account === null) return { phrase: 'NOT_ENROLLED' };
      const grant = grantTo({ account: account.id, username: account.username }, device);
      return { phrase: 'RENEWAL_SUCCESSFUL', data: grant };
    },
  };

  async function withCredentials(
    device: DeviceId,
    request: Request,
    use: (credentials: Credentials) => Promise<AuthAnswer>,
  ): Promise<AuthAnswer> {
    const parsed = parseData(sealedSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const opened = unsealCredentials(parsed.data.sealed, sealing, {
      id: request.id,
      device,
      nowMs: clock.now(),
    });
    if (!('credentials' in opened)) return opened;
    try {
      return await use(opened.credentials);
    } catch (thrown) {
      if (thrown instanceof HasherBusyError) return { phrase: 'BUSY' };
      throw thrown;
    }
  }

  async function register({ id, device, username, password }: Credentials): Promise<AuthAnswer> {
    const name = usernameSchema.safeParse(username);
    if (!name.success) return { phrase: 'INVALID_COMMAND', message: explain(name.error) };
    const refusal = refusePassword(password, username);
    if (refusal !== null) return { phrase: 'PASSWORD_REFUSED', message: refusal };
    // Before the hash, for that is dear; the reservation itself decides.
    if ((await store.reservation(USERNAMES, foldName(username))) !== null)
      return { phrase: 'USERNAME_TAKEN' };
    const account = accountIdSchema.parse(ids.next());
    const outcome = await host.send({
      kind: 'account',
      id: account,
      command: { type: 'RegisterAccount', account, device, personal: { username } },
      metadata: metadataOf({ account, device }, id),
      secrets: [{ owner: passwords.ownerOf(account), value: await hasher.hash(password) }],
    });
    if (outcome.kind === 'busy') return { phrase: 'BUSY' };
    if (outcome.kind === 'refused') return { phrase: phraseIn(1, outcome.reason) };
    const message = `Welcome, ${username}. This terminal stays logged in.`;
    return { phrase: 'REGISTRATION_SUCCESSFUL', message, data: grantTo({ account, username }, device) };
  }

  async function login({ id, device, username, password }: Credentials): Promise<AuthAnswer> {
    const row = await directory.accountNamed(username);
    const hash = row === null ? null : await passwords.hashOf(row.id);
    // An unknown name costs what a wrong password costs.
    const isRight = await hasher.matches(password, hash);
    if (row === null || hash === null || !isRight) return { phrase: 'LOGIN_FAILED' };
    if (hasher.isOutdated(hash)) await renewHash(row.id, hash, password);
    const outcome = await host.send({
      kind: 'account',
      id: row.id,
      command: { type: 'EnrolDevice', account: row.id, device },
      metadata: metadataOf({ account: row.id, device }, id),
    });
    if (outcome.kind === 'busy') return { phrase: 'BUSY' };
    if (outcome.kind === 'refused') return { phrase: phraseIn(1, outcome.reason) };
    const person = { account: row.id, username: row.username };
    return {
      phrase: 'LOGIN_SUCCESSFUL',
      message: `Welcome back, ${row.username}.`,
      data: grantTo(person, device),
    };
  }

  /** Only while the password is in hand can a cheaper hash be replaced by one of the present cost. */
  async function renewHash(account: AccountId, old: string, password: string): Promise<void> {
    await passwords.replace(account, old, await hasher.hash(password));
  }
}
