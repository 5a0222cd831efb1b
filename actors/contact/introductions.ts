// The introductions of devices to each other: each of two devices gets a signed statement with the owner, key and addresses of
// the other device. Their messages do not pass through the tracker.
import type { Clock } from '../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Candidate } from '../../core/protocol/candidate.js';
import type { Connection } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { type Signed, signStatement } from '../../core/protocol/signed/signed.js';
import type { Enrolment, Introduction, Person } from '../../core/protocol/signed/statements.js';
import type { Blocks } from './blocks.js';
import type { Caller } from '../caller.js';
import type { Presence } from '../presence/presence.js';
import type { Waiting } from '../presence/waiting.js';
import type { AnnouncedAddresses } from '../presence/announced-addresses.js';
import type { Privacy } from './privacy.js';
import type { Directory } from '../projections/directory.js';

export interface IntroducerParts {
  readonly directory: Directory;
  readonly presence: Presence;
  readonly announcedAddresses: AnnouncedAddresses;
  readonly waiting: Waiting;
  readonly blocks: Pick<Blocks, 'between'>;
  readonly privacy: Pick<Privacy, 'strangersTo'>;
  readonly signing: SigningKey;
  readonly clock: Clock;
  /** Pushes an introduction to the devices of an account. */
  readonly push: (account: AccountId, introduction: Signed) => void;
}

export interface Introducer {
  /**
   * Introduces the caller's device and the connected devices of `accounts` to each other; at most 256 devices. Resolves with the
   * caller's side. Addresses are omitted between strangers if one side shares them with contacts only. Unknown accounts and
   * accounts with a block to or from the caller are skipped. Offline accounts are introduced when they arrive.
   */
  introduce(
    caller: Caller,
    accounts: readonly AccountId[],
    connection: Connection,
  ): Promise<readonly Signed[]>;
  /**
   * Introduces the caller's device, which has just announced its addresses. Introduces it to the devices that asked for its
   * account while the account was offline.
   */
  welcome(caller: Caller): Promise<void>;
}

// Each introduction needs three signatures, and the caller's side must fit into one broker message of 1 MB.
const MAX_DEVICES = 2 * limits.accountsPerIntroduction;

interface Party {
  readonly person: Person;
  readonly device: DeviceId;
}

export function createIntroducer(parts: IntroducerParts): Introducer {
  const { directory, presence, announcedAddresses, waiting, blocks, privacy, signing, clock, push } = parts;

  return {
    async introduce(caller, accounts, connection) {
      const blocked = await blocks.between(caller.account, accounts);
      const asked = [...new Set(accounts)].filter((account) => !blocked.has(account));
      const people = await directory.people([...asked, caller.account]);
      const self = people.get(caller.account);
      if (self === undefined) return [];
      const known = asked.flatMap((account) => people.get(account) ?? []);
      const parties = await enrolled(interleave(known.map(connectedOf)));
      const others = parties.filter(({ device }) => device !== caller.device).slice(0, MAX_DEVICES);
      const present = new Set(parties.map(({ person }) => person));
      await waitForAbsent(
        caller,
        known.filter((person) => !present.has(person)),
      );
      const me: Party = { person: self, device: caller.device };
      const sign = await signer([me, ...others], connection);
      const isStranger = await strangersAmong(caller, others);
      for (const other of others) push(other.person.account, sign(other.device, me, isStranger(other)));
      return others.map((other) => sign(caller.device, other, isStranger(other)));
    },

    async welcome(caller) {
      const all = await waiting.takeFor(caller.account);
      const blocked = await blocks.between(
        caller.account,
        all.map(({ account }) => account),
      );
      const waiters = all.filter(({ account }) => !blocked.has(account));
      if (waiters.length === 0) return;
      const people = await directory.people([caller.account, ...waiters.map(({ account }) => account)]);
      const self = people.get(caller.account);
      if (self === undefined) return;
      const me: Party = { person: self, device: caller.device };
      const devices = new Set(waiters.map(({ device }) => device));
      const parties = waiters.flatMap(({ account }) => connectedOf(people.get(account)));
      const others = await enrolled(parties.filter(({ device }) => devices.has(device)));
      const sign = await signer([me, ...others], 'TCP');
      const isStranger = await strangersAmong(caller, others);
      for (const other of others) {
        push(other.person.account, sign(other.device, me, isStranger(other)));
        push(caller.account, sign(caller.device, other, isStranger(other)));
      }
    },
  };

  function connectedOf(person: Person | undefined): readonly Party[] {
    if (person === undefined) return [];
    return presence.devicesOf(person.account).map((device) => ({ person, device }));
  }

  /**
   * Resolves with a function: whether a device belongs to a stranger of the caller. Neither of two strangers gets the other's
   * addresses, because dialling an address reveals one's own.
   */
  async function strangersAmong(
    caller: Caller,
    parties: readonly Party[],
  ): Promise<(peer: Party) => boolean> {
    const accounts = [...new Set(parties.map(({ person }) => person.account))];
    const strangers = await privacy.strangersTo(caller.account, accounts);
    return ({ person }) => strangers.has(person.account);
  }

  /** Drops devices that are still connected but no longer enrolled. */
  async function enrolled(parties: readonly Party[]): Promise<readonly Party[]> {
    const owners = await directory.ownersOf(parties.map(({ device }) => device));
    return parties.filter(({ person, device }) => owners.get(device) === person.account);
  }

  /**
   * Stores that the caller waits for the accounts in `absent`. Roommates are skipped: their terminals ask for introductions when
   * they return.
   */
  async function waitForAbsent(caller: Caller, absent: readonly Person[]): Promise<void> {
    if (absent.length === 0) return;
    const roommates = await directory.roommatesOf(caller.account);
    const strangers = absent.filter(({ account }) => account !== caller.account && !roommates.has(account));
    await waiting.wait(
      caller,
      strangers.map(({ account }) => account),
    );
  }

  /** The signed enrolment that an introduced device may show to other devices. */
  function enrol(account: AccountId, device: DeviceId): Signed {
    return signStatement(signing, 'enrolment', { v: 1, account, device } satisfies Enrolment);
  }

  /**
   * Resolves with a function that signs the introduction of one device to another. An introduction contains the addresses that
   * the introduced device announced last.
   */
  async function signer(
    parties: readonly Party[],
    connection: Connection,
  ): Promise<(to: DeviceId, peer: Party, isStranger: boolean) => Signed> {
    const addresses = await announcedAddresses.of(parties.map(({ device }) => device));
    const accounts = [...new Set(parties.map(({ person }) => person.account))];
    const names = await directory.namesHeld(accounts, clock.now());
    const devices = await directory.enrolledOf(accounts, limits.devicesPerIntroduction);
    const enrolments = new Map<DeviceId, Signed>();
    return (to, { person, device }, isStranger) => {
      const known: readonly Candidate[] = isStranger ? [] : (addresses.get(device) ?? []);
      const formerly = names.get(person.account)?.slice(0, limits.usernamesHeld);
      const together = devices.get(person.account);
      const peer = {
        ...person,
        device,
        addresses: [...known],
        ...(together === undefined ? {} : { devices: [...together] }),
        ...(formerly === undefined ? {} : { formerly }),
        ...(isStranger ? { isStranger } : {}),
      };
      const enrolment = enrolments.get(device) ?? enrol(person.account, device);
      enrolments.set(device, enrolment);
      const introduction = {
        v: 1,
        to,
        peer,
        enrolment,
        connection,
        at: clock.now(),
      } as const satisfies Introduction;
      return signStatement(signing, 'introduction', introduction);
    };
  }
}

/** Takes one item of each list per round, so that an account with many devices does not crowd out the others. */
function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
}
