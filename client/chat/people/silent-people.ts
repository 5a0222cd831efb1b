// People whose every link fell silent: shown as gone before the tracker notices. Sends the tracker no request. A tracker's list
// that is read more than `LIST_LAGS_MS` later replaces the verdict.
import type { AccountId } from '../../../core/ids.js';
import type { PresenceState } from '../../../core/protocol/operations.js';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { Network } from '../../network.js';
import type { Session } from '../../session/port.js';
import type { Tell } from '../events.js';
import type { Peer } from '../peers/peer.js';
import type { Peers } from '../peers/peers.js';
import type { CarrierChoices } from '../peers/carrier-choice.js';
import type { PeerPresence } from './peer-presence.js';
import type { People } from './people.js';

export interface SilentPeopleParts {
  readonly session: Pick<Session, 'state' | 'events' | 'brokerTrip'>;
  readonly network: Pick<Network, 'onChanged'>;
  readonly peers: Pick<Peers, 'events' | 'get' | 'open' | 'openOf'>;
  readonly carrierChoices: Pick<CarrierChoices, 'towards'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly peerPresence: Pick<PeerPresence, 'stateOf'>;
  readonly me: () => AccountId | null;
  readonly steadyClock: Clock;
  readonly schedule: Schedule;
  readonly tell: Tell;
}

export interface SilentPeople {
  /** Whether the account is shown as gone although the tracker's list may still contain it. */
  isGone(account: AccountId): boolean;
  /** Compares the verdicts with a list of everyone online that the tracker has just sent. */
  listed(online: readonly { readonly account: AccountId; readonly state: PresenceState }[]): void;
  close(): void;
}

/**
 * The time from the silence of the last link to the verdict. Both terminals notice a cut path within 2 s of each other, because
 * they ping every 2 s. The one that dials then opens a link through the broker in less than 1 s.
 */
export const VERDICT_MS = 3_000;
/**
 * For this long after the verdict the tracker's list may still contain the person: the broker closes a silent connection after
 * 6 to 12 s.
 */
export const LIST_LAGS_MS = 10_000;
/**
 * For this long after this terminal's connection or address changed while the link was open, no verdict is given: this terminal's
 * own network may be the cause.
 */
export const DOUBT_MS = 10_000;

/** Follows the links from now on, and tells faces who is gone. */
export function followSilentPeople(parts: SilentPeopleParts): SilentPeople {
  const { session, network, peers, carrierChoices, people, peerPresence, me, steadyClock, schedule, tell } =
    parts;
  /** When the newest link to an account opened. */
  const openedAt = new Map<AccountId, number>();
  /** When the last link to an account fell silent. Removed when a link opens. */
  const silentSince = new Map<AccountId, number>();
  /**
   * When the verdict was given; -Infinity once a list of the tracker agreed. Removed when a link opens or a later list contains
   * the person.
   */
  const goneSince = new Map<AccountId, number>();
  const timers = new Set<() => void>();
  let doubtedAt = Number.NEGATIVE_INFINITY;

  const doubt = (): void => {
    doubtedAt = steadyClock.now();
  };
  const unsubscribe = [
    peers.events.on('opened', opened),
    peers.events.on('silent', fellSilent),
    session.events.on('state', doubt),
    session.events.on('renewed', doubt),
    network.onChanged(doubt),
  ];

  const othersSilentAbout = (since: number, account: AccountId): boolean =>
    [...silentSince].some(([other, at]) => other !== account && Math.abs(at - since) <= VERDICT_MS);

  /** Whether the silence was more likely caused on the peer's side than on this side. */
  function isTheirs({ account, device }: Peer, since: number): boolean {
    if (silentSince.get(account) !== since || peers.get(device) === undefined) return false;
    if (session.state.state !== 'online') return false;
    if (doubtedAt >= (openedAt.get(account) ?? 0) && steadyClock.now() - doubtedAt < DOUBT_MS) return false;
    // With any other choice no link through the broker was tried, and such a link might still reach the person.
    if (!['auto', 'relay'].includes(carrierChoices.towards(account))) return false;
    // If all links fell silent at once, the cause is this terminal's own network.
    return peers.open().length > 0 || !othersSilentAbout(since, account);
  }

  async function judge(peer: Peer, since: number): Promise<void> {
    // An answer of the broker shows that this terminal's own network works.
    if (!isTheirs(peer, since) || (await session.brokerTrip()) === null || !isTheirs(peer, since)) return;
    goneSince.set(peer.account, steadyClock.now());
    tell('presence', { username: people.nameOf(peer.account), state: 'offline' });
  }

  function showBack(account: AccountId, state: PresenceState): void {
    if (goneSince.delete(account)) tell('presence', { username: people.nameOf(account), state });
  }

  function opened({ account }: Peer): void {
    openedAt.set(account, steadyClock.now());
    silentSince.delete(account);
    showBack(account, peerPresence.stateOf(account));
  }

  function fellSilent(peer: Peer): void {
    const { account } = peer;
    if (account === me() || peers.openOf(account).length > 0) return;
    const since = steadyClock.now();
    for (const [other, at] of silentSince) if (since - at > DOUBT_MS) silentSince.delete(other);
    silentSince.set(account, since);
    const cancel = schedule(VERDICT_MS, () => {
      timers.delete(cancel);
      void judge(peer, since);
    });
    timers.add(cancel);
  }

  const isLagging = (account: AccountId): boolean => {
    const since = goneSince.get(account);
    return since !== undefined && steadyClock.now() - since < LIST_LAGS_MS;
  };

  return {
    isGone: isLagging,
    listed(online) {
      const states = new Map(online.map(({ account, state }) => [account, state]));
      for (const account of goneSince.keys()) {
        const state = states.get(account);
        // The list agrees with the verdict. From now on a list that contains the person ends the verdict at once.
        if (state === undefined) goneSince.set(account, Number.NEGATIVE_INFINITY);
        else if (!isLagging(account)) showBack(account, state);
      }
    },
    close() {
      for (const cancel of timers) cancel();
      for (const stop of unsubscribe) stop();
    },
  };
}
