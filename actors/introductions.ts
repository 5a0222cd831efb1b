// Introduces devices to each other: tells each, under the tracker's signature, whose key the other's is and where to
// find it. It sees nothing of what they say.
import type { Clock } from '../core/clock.js';
import type { AccountId, DeviceId } from '../core/ids.js';
import type { SigningKey } from '../core/keys.js';
import type { Address, Connection } from '../core/protocol/envelope.js';
import { limits } from '../core/protocol/limits.js';
import { type Signed, signStatement } from '../core/protocol/signed.js';
import type { Introduction, Person } from '../core/protocol/statements.js';
import type { Presence } from './presence/presence.js';
import type { Whereabouts } from './presence/whereabouts.js';
import type { Directory } from './projections/directory.js';

export interface Caller {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface IntroducerParts {
  readonly directory: Directory;
  readonly presence: Presence;
  readonly whereabouts: Whereabouts;
  readonly signing: SigningKey;
  readonly clock: Clock;
  /** Pushes an introduction to the devices of an account. */
  readonly push: (account: AccountId, introduction: Signed) => void;
}

export interface Introducer {
  /**
   * Introduces the caller's device and every connected device of `accounts` to each other; gives the caller's side.
   * Accounts that do not exist or are offline are passed over.
   */
  introduce(
    caller: Caller,
    accounts: readonly AccountId[],
    connection: Connection,
  ): Promise<readonly Signed[]>;
}

interface Peer {
  readonly person: Person;
  readonly device: DeviceId;
}

export function createIntroducer(parts: IntroducerParts): Introducer {
  const { directory, presence, whereabouts, signing, clock, push } = parts;

  return {
    async introduce(caller, accounts, connection) {
      const people = await directory.people([...accounts, caller.account]);
      const self = people.get(caller.account);
      if (self === undefined) return [];
      const peers = accounts.flatMap((account) => devicesOf(people.get(account)));
      const others = peers
        .filter(({ device }) => device !== caller.device)
        .slice(0, limits.accountsPerIntroduction);
      const addresses = await whereabouts.of([caller.device, ...others.map(({ device }) => device)]);

      const sign = (to: DeviceId, peer: Peer): Signed => {
        const known: readonly Address[] = addresses.get(peer.device) ?? [];
        const introduction = {
          v: 1,
          to,
          peer: { ...peer.person, device: peer.device, addresses: [...known] },
          connection,
          at: clock.now(),
        } as const satisfies Introduction;
        return signStatement(signing, 'introduction', introduction);
      };

      for (const { person, device } of others) {
        push(person.account, sign(device, { person: self, device: caller.device }));
      }
      return others.map((peer) => sign(caller.device, peer));
    },
  };

  function devicesOf(person: Person | undefined): readonly Peer[] {
    if (person === undefined) return [];
    return presence.devicesOf(person.account).map((device) => ({ person, device }));
  }
}
