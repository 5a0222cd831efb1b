// Introduces devices to each other: tells each, under the tracker's signature, whose key the other's is and where to
// find it. It sees nothing of what they say.
import type { Clock } from '../core/clock.js';
import type { AccountId, DeviceId } from '../core/ids.js';
import type { SigningKey } from '../core/keys.js';
import type { Address, Connection } from '../core/protocol/envelope.js';
import { limits } from '../core/protocol/limits.js';
import { type Signed, signStatement } from '../core/protocol/signed.js';
import type { Introduction, Person } from '../core/protocol/statements.js';
import type { Caller } from './caller.js';
import type { Presence } from './presence/presence.js';
import type { Waiting } from './presence/waiting.js';
import type { Whereabouts } from './presence/whereabouts.js';
import type { Directory } from './projections/directory.js';

export interface IntroducerParts {
  readonly directory: Directory;
  readonly presence: Presence;
  readonly whereabouts: Whereabouts;
  readonly waiting: Waiting;
  readonly signing: SigningKey;
  readonly clock: Clock;
  /** Pushes an introduction to the devices of an account. */
  readonly push: (account: AccountId, introduction: Signed) => void;
}

export interface Introducer {
  /**
   * Introduces the caller's device and every connected device of `accounts` to each other; gives the caller's side.
   * Accounts that do not exist are passed over. Who is offline is introduced on arrival.
   */
  introduce(
    caller: Caller,
    accounts: readonly AccountId[],
    connection: Connection,
  ): Promise<readonly Signed[]>;
  /** Introduces a device that has just said where it is to those who asked for it while it was away. */
  welcome(caller: Caller): Promise<void>;
}

interface Peer {
  readonly person: Person;
  readonly device: DeviceId;
}

export function createIntroducer(parts: IntroducerParts): Introducer {
  const { directory, presence, whereabouts, waiting, signing, clock, push } = parts;

  return {
    async introduce(caller, accounts, connection) {
      const people = await directory.people([...accounts, caller.account]);
      const self = people.get(caller.account);
      if (self === undefined) return [];
      const known = accounts.flatMap((account) => people.get(account) ?? []);
      await waitForAbsent(caller, known);
      const peers = known.flatMap((person) =>
        presence.devicesOf(person.account).map((device): Peer => ({ person, device })),
      );
      const me: Peer = { person: self, device: caller.device };
      const others = peers
        .filter(({ device }) => device !== caller.device)
        .slice(0, limits.accountsPerIntroduction);
      const sign = await signer([me, ...others], connection);
      for (const other of others) push(other.person.account, sign(other.device, me));
      return others.map((other) => sign(caller.device, other));
    },

    async welcome(caller) {
      const waiters = await waiting.takeFor(caller.account);
      const people = await directory.people([caller.account, ...waiters.map(({ account }) => account)]);
      const self = people.get(caller.account);
      if (self === undefined) return;
      const me: Peer = { person: self, device: caller.device };
      const others = waiters.flatMap(({ account, device }): Peer[] => {
        const person = people.get(account);
        return person !== undefined && presence.devicesOf(account).includes(device)
          ? [{ person, device }]
          : [];
      });
      const sign = await signer([me, ...others], 'TCP');
      for (const other of others) {
        push(other.person.account, sign(other.device, me));
        push(caller.account, sign(caller.device, other));
      }
    },
  };

  /** Those one shares a room with ask themselves when they are back. */
  async function waitForAbsent(caller: Caller, people: readonly Person[]): Promise<void> {
    const absent = people.filter(({ account }) => !presence.isOnline(account));
    if (absent.length === 0) return;
    const roommates = await directory.roommatesOf(caller.account);
    const strangers = absent.filter(({ account }) => !roommates.has(account));
    await waiting.wait(
      caller,
      strangers.map(({ account }) => account),
    );
  }

  /** Signs what one device is told of another, with the addresses that each announced last. */
  async function signer(
    peers: readonly Peer[],
    connection: Connection,
  ): Promise<(to: DeviceId, peer: Peer) => Signed> {
    const addresses = await whereabouts.of(peers.map(({ device }) => device));
    return (to, { person, device }) => {
      const known: readonly Address[] = addresses.get(device) ?? [];
      const peer = { ...person, device, addresses: [...known] };
      const introduction = { v: 1, to, peer, connection, at: clock.now() } as const satisfies Introduction;
      return signStatement(signing, 'introduction', introduction);
    };
  }
}
