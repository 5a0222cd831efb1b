// The devices this terminal has been introduced to, and its links to them. It decides nothing about who is wanted.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Candidate } from '../../../core/protocol/candidate.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../core/protocol/signed/statements.js';
import type { FailureCode } from '../../links/failure.js';
import type { Links } from '../../links/links.js';
import { announced, byCarrier } from './candidates.js';
import type { CarrierChoices } from './carrier-choice.js';
import type { Enrolments } from '../trust/enrolments.js';
import type { ChatEvents, LinkChange, Warning } from '../events.js';
import { readIntroduction } from '../trust/introductions.js';
import { outcome, remedyOf } from '../outcome.js';
import { listingOf, type Peer, type PeerListing } from './peer.js';
import type { People } from '../people/people.js';
import type { Pins } from '../trust/pins.js';
import type { Why } from '../diagnostics/why.js';

export type { Peer, PeerListing } from './peer.js';

export type Tell = <K extends keyof ChatEvents>(name: K, event: ChatEvents[K]) => void;

/** Makes the links of this device; called again, with a new device, after a logout and a login. */
export type OpenLinks = (device: DeviceId) => Links;

export interface PeersParts {
  readonly openLinks: OpenLinks;
  readonly trackerKey: Buffer;
  readonly pins: Pins;
  /** Whose terminal this is; null before a login. */
  readonly me: () => AccountId | null;
  readonly clock: Clock;
  readonly enrolments: Pick<Enrolments, 'ownerOf' | 'shown'>;
  readonly people: People;
  readonly carrierChoices: Pick<CarrierChoices, 'towards'>;
  readonly isBlocked: (account: AccountId) => boolean;
  /** Whether the tracker knows where this device is; see `byCarrier`. */
  readonly isAnnounced: () => boolean;
  readonly why: Why;
  readonly tell: Tell;
  readonly log: Log;
  readonly onOpen: (peer: Peer) => void;
  readonly onRestarted: (peer: Peer) => void;
  readonly onWritable: (peer: Peer) => void;
  readonly onForgotten: (device: DeviceId) => void;
  /** Resolves when the payload has been dealt with. Called for the next one before, in order. */
  readonly onPayload: (peer: Peer, payload: Buffer) => Promise<void>;
}

export interface Peers {
  /** Links as this device from now on, as none when null. */
  become(device: DeviceId | null): Promise<void>;
  /**
   * Where this device can be reached; nowhere when it cannot listen. With the ports of the tracker's reflector, also from
   * outside its NAT.
   */
  addresses(reflectorPorts: readonly number[]): Promise<readonly Candidate[]>;
  /** Believes an introduction and wants the link, or refuses it for all to see. `asked`: the name asked for, if any. */
  introduce(signed: Signed, asked: string | null): Promise<Introduction | null>;
  /** Makes sure at once that the links still lead to their peers. */
  recheck(): void;
  /** Goes by what is to carry each link now. */
  rechoose(): void;
  /** Resolves when none of the links to these accounts is being made, or `timeoutMs` have passed. */
  settled(accounts: ReadonlySet<AccountId>, timeoutMs: number): Promise<void>;
  /** Gives up the links to all accounts but these. */
  keepOnly(accounts: ReadonlySet<AccountId>): Promise<void>;
  get(device: DeviceId): Peer | undefined;
  /** The devices of an account to which there is an open link. */
  openOf(account: AccountId): readonly Peer[];
  /** All to which there is an open link. */
  open(): readonly Peer[];
  send(device: DeviceId, bytes: Uint8Array): ReturnType<Links['send']>;
  list(): readonly PeerListing[];
}

// Who parts with us in good order is no trouble: what made them, a removal say, stays what `/why` explains.
const ORDERLY: ReadonlySet<string> = new Set<FailureCode>(['left', 'not-introduced']);

const LINK_REMEDY = remedyOf(outcome(3, 'USERNAME_OFFLINE'));

export function createPeers(parts: PeersParts): Peers {
  const { people, carrierChoices, pins, enrolments, why, tell, log } = parts;
  const peers = new Map<DeviceId, Peer>();
  let current: { readonly device: DeviceId; readonly links: Links } | null = null;
  const waiters = new Set<() => void>();
  let listening: ReturnType<Links['listen']> | null = null;

  function tellTrouble(change: LinkChange): void {
    tell('link', change);
    why.note({ event: 'link closed', by: change.peer, reason: change.reason, remedy: LINK_REMEDY });
  }

  function warn(type: Warning['type'], peer: string, message: string, remedy: string): void {
    tell('warning', { type, peer, message: `${message} ${remedy}`, at: parts.clock.now() });
    why.note({ event: type, by: peer, reason: message, remedy });
  }

  function warnOfAnother(account: AccountId, wasVerified: boolean): void {
    const name = people.nameOf(account);
    const since = wasVerified ? ' It was not there when you verified them.' : '';
    const [message, remedy] =
      account === parts.me()
        ? [
            `A terminal of your own account was never seen here before. Log it out if it is not yours.`,
            'See /devices.',
          ]
        : [
            `${name} uses a terminal that was never seen here before.${since} If they have no new one, somebody may be posing as them.`,
            `Compare codes with /verify ${name}.`,
          ];
    warn('NewDevice', name, message, remedy);
  }

  function warnOfMoved(claimed: string, account: AccountId): void {
    const owner = people.nameOf(account);
    const message = `The tracker said that a terminal of ${owner} is now ${claimed}'s. That was refused: ${owner} keeps it.`;
    warn('DeviceMoved', claimed, message, 'Ask whoever runs the tracker what happened.');
  }

  function attach(links: Links): void {
    // What links that have been closed still tell is about another device of this terminal.
    const peerOf = (device: DeviceId): Peer | undefined =>
      current?.links === links ? peers.get(device) : undefined;
    links.events.on('state', ({ device, state, carrier, reason }) => {
      for (const look of waiters) look();
      const before = peerOf(device);
      if (before === undefined) return;
      const peer = { ...before, state, carrier: carrier ?? before.carrier };
      peers.set(device, peer);
      const named = people.nameOf(peer.account);
      const change = { peer: named, device, link: peer.carrier, state, reason: sanitiseLine(reason.message) };
      if (state === 'closed' && !ORDERLY.has(reason.code)) tellTrouble(change);
      else tell('link', change);
      if (state === 'open') parts.onOpen(peer);
    });
    links.events.on('messages', async ({ device, payloads }) => {
      // Begun in order and not one after the other: what came together is stored in one commit.
      await Promise.all(
        payloads.map(async (payload) => {
          const peer = peerOf(device);
          if (peer !== undefined) await parts.onPayload(peer, payload);
        }),
      );
    });
    links.events.on('restarted', ({ device }) => {
      const peer = peerOf(device);
      if (peer !== undefined) parts.onRestarted(peer);
    });
    links.events.on('writable', ({ device }) => {
      const peer = peerOf(device);
      if (peer !== undefined) parts.onWritable(peer);
    });
    links.events.on('refused', ({ carrier, reason }) => {
      log.info({ carrier, reason }, 'somebody was turned away at the door');
      // A device may well be quicker than the introduction of it; it comes again.
      if (reason.code === 'not-introduced') return;
      tellTrouble({ peer: 'unknown', link: carrier, state: 'closed', reason: sanitiseLine(reason.message) });
    });
  }

  function isDialling(accounts: ReadonlySet<AccountId>): boolean {
    return (current?.links.list() ?? []).some(({ device, state }) => {
      const account = peers.get(device)?.account;
      return account !== undefined && accounts.has(account) && state === 'dialing';
    });
  }

  return {
    async become(device) {
      if (current?.device === device || (current === null && device === null)) return;
      const former = current;
      current = device === null ? null : { device, links: parts.openLinks(device) };
      listening = null;
      for (const known of peers.keys()) parts.onForgotten(known);
      peers.clear();
      if (current !== null) attach(current.links);
      await former?.links.close();
    },
    async addresses(reflectorPorts) {
      if (current === null) return [];
      try {
        listening ??= current.links.listen();
        await listening;
        const own = current.links.addresses();
        return announced(
          own,
          reflectorPorts.length === 0 ? {} : await current.links.reflexiveAddresses(reflectorPorts),
        );
      } catch (error) {
        listening = null;
        log.error({ error }, 'this terminal cannot listen for links; it can still dial');
        return [];
      }
    },
    async introduce(signed, asked) {
      if (current === null) return null;
      const { device, links } = current;
      const { ownerOf } = enrolments;
      const read = readIntroduction(signed, { trackerKey: parts.trackerKey, device, people, ownerOf, asked });
      if ('isForAnother' in read) return null;
      if ('refusal' in read) {
        log.warn({ claimed: read.claimed, refusal: read.refusal }, 'an introduction was refused');
        tellTrouble({ peer: read.claimed, link: 'tcp', state: 'closed', reason: read.refusal });
        if (read.pinnedTo !== undefined) warnOfMoved(read.claimed, read.pinnedTo);
        return null;
      }
      const { peer, at } = read.introduction;
      const wasVerified = pins.isVerified(peer.account);
      const introducedBy = parts.trackerKey.toString('hex');
      const pin = { device: peer.device, account: peer.account, introducedAt: at, introducedBy };
      // In one commit. The pin comes first: no enrolment contradicts it.
      const [novelty] = await Promise.all([
        pins.pin(pin, peer.devices ?? []),
        read.introduction.enrolment === undefined ? null : enrolments.shown(read.introduction.enrolment),
        people.learn([peer]),
      ]);
      if (novelty === 'another') warnOfAnother(peer.account, wasVerified);
      const before = peers.get(peer.device);
      const isOutdated = before !== undefined && before.introducedAt > at;
      if (current?.links !== links || isOutdated) return read.introduction;
      const { account, isStranger = false } = peer;
      const fresh = before ?? { device: peer.device, account, state: 'closed', carrier: 'tcp' };
      peers.set(peer.device, { ...fresh, introducedAt: at, isStranger });
      const candidates = byCarrier(peer.addresses, parts.isAnnounced());
      links.choose(peer.device, carrierChoices.towards(peer.account));
      links.introduce({ id: peer.device, publicKey: read.publicKey, candidates });
      return read.introduction;
    },
    recheck: () => current?.links.recheck(),
    rechoose() {
      for (const { device, account } of peers.values()) {
        current?.links.choose(device, carrierChoices.towards(account));
      }
    },
    settled: (accounts, timeoutMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          waiters.delete(look);
          clearTimeout(timer);
          resolve();
        };
        const look = (): void => {
          if (!isDialling(accounts)) end();
        };
        const timer = setTimeout(end, timeoutMs);
        waiters.add(look);
        look();
      }),
    async keepOnly(accounts) {
      const unwanted = [...peers.values()].filter(({ account }) => !accounts.has(account));
      for (const { device, account, carrier, state } of unwanted) {
        peers.delete(device);
        parts.onForgotten(device);
        const isBlocked = parts.isBlocked(account);
        const reason = isBlocked ? 'You have blocked them.' : 'No conversation is shared with them any more.';
        if (state !== 'closed')
          tell('link', { peer: people.nameOf(account), device, link: carrier, state: 'closed', reason });
        await current?.links.forget(device);
      }
    },
    get: (device) => peers.get(device),
    openOf: (account) =>
      [...peers.values()].filter((peer) => peer.account === account && peer.state === 'open'),
    open: () => [...peers.values()].filter(({ state }) => state === 'open'),
    send: (device, bytes) => current?.links.send(device, bytes) ?? 'unknown',
    list: () =>
      (current?.links.list() ?? []).flatMap((link) => {
        const peer = peers.get(link.device);
        return peer === undefined ? [] : [listingOf(peer, link)];
      }),
  };
}
