// The devices that were introduced to this terminal, and its links to them. Does not decide which links are wanted.
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Candidate } from '../../../core/protocol/candidate.js';
import type { Request, Response } from '../../../core/protocol/envelope.js';
import { MAX_LEAD_MS } from '../../../core/protocol/message/hlc.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../core/protocol/signed/statements.js';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { createChanges } from '../../../core/time/wait.js';
import type { FailureCode } from '../../links/failure.js';
import type { Links } from '../../links/links.js';
import type { ReportLinkTrouble } from '../diagnostics/link-trouble.js';
import type { Tell } from '../events.js';
import type { People } from '../people/people.js';
import type { AcceptIntroduction } from '../trust/accept-introduction.js';
import { announced, byCarrier } from './candidates.js';
import type { CarrierChoices } from './carrier-choice.js';
import { hopOf, listingOf, type Peer, type PeerListing } from './peer.js';
import { writeFrame } from './wire.js';

export type { Peer, PeerListing } from './peer.js';

/** Makes the links of this device; called again for the next device after a logout and a login. */
export type OpenLinks = (device: DeviceId) => Links;

export interface PeersParts {
  readonly openLinks: OpenLinks;
  readonly acceptIntroduction: AcceptIntroduction;
  readonly people: Pick<People, 'nameOf'>;
  readonly carrierChoices: Pick<CarrierChoices, 'towards'>;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly reportTrouble: ReportLinkTrouble;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly tell: Tell;
  readonly log: Log;
}

export interface PeersEvents {
  /** The link to the peer has opened. */
  opened: Peer;
  /** An open link was lost because nothing arrived from the peer. */
  silent: Peer;
  /** The peer is a new process and has lost everything that was sent to it but not stored. */
  restarted: Peer;
  /** The link takes payloads again. */
  writable: Peer;
  /** The device is not a peer any more. */
  forgotten: DeviceId;
  /**
   * Emitted in the order of arrival. It does not wait for the listeners of earlier payloads: payloads that arrive together are
   * stored together.
   */
  payload: { readonly peer: Peer; readonly payload: Buffer };
}

export interface Peers {
  readonly events: Subscribable<PeersEvents>;
  /** Opens links as `device` from now on; opens no links if `device` is null. */
  become(device: DeviceId | null): Promise<void>;
  /**
   * The addresses to announce for this device; none if it cannot listen. With the ports of the tracker's reflector, also
   * the address outside its NAT.
   */
  addresses(reflectorPorts: readonly number[]): Promise<readonly Candidate[]>;
  /** Sets whether the tracker has announced this device's addresses; see `byCarrier`. */
  setAnnounced(isAnnounced: boolean): void;
  /**
   * Takes an introduction and begins the link, or refuses it visibly. `asked`: the username that was asked for, if any.
   * Resolves with null if it was refused.
   */
  introduce(signed: Signed, asked: string | null): Promise<Introduction | null>;
  /** Tests at once whether the links still reach their peers. */
  recheck(): void;
  /** Applies the present carrier choices to all links. */
  rechoose(): void;
  /** Tries to connect to these accounts, or to use better carriers, now. */
  retry(accounts: ReadonlySet<AccountId>): void;
  /** Resolves when each of these accounts that is introduced has an open link, or after `timeoutMs`. */
  settled(accounts: ReadonlySet<AccountId>, timeoutMs: number): Promise<void>;
  /** Closes the links to all other accounts. */
  keepOnly(accounts: ReadonlySet<AccountId>): Promise<void>;
  get(device: DeviceId): Peer | undefined;
  /** The peers of an account whose links are open. */
  openOf(account: AccountId): readonly Peer[];
  /** All peers whose links are open. */
  open(): readonly Peer[];
  /** Writes an envelope to the link, and notes the link's present carrier and addresses in it. */
  send(device: DeviceId, envelope: Request | Response): ReturnType<Links['send']>;
  list(): readonly PeerListing[];
}

// Links that close for these reasons are no trouble: `/why` keeps explaining the cause, such as a removal.
const ORDERLY: ReadonlySet<string> = new Set<FailureCode>(['left', 'not-introduced']);

// Incoming connections that fail for these reasons are no trouble. A device may dial before its introduction arrives at this
// terminal, and dials again later. After this process was stopped, connections that its peers have given up meanwhile arrive all
// at once.
const UNREMARKABLE: ReadonlySet<string> = new Set<FailureCode>(['not-introduced', 'abandoned', 'timeout']);

export function createPeers(parts: PeersParts): Peers {
  const { people, carrierChoices, reportTrouble, tell, log } = parts;
  const events = createEmitter<PeersEvents>();
  const changes = createChanges(parts.schedule);
  const peers = new Map<DeviceId, Peer>();
  let current: { readonly device: DeviceId; readonly links: Links } | null = null;
  let isAnnounced = false;
  let listening: ReturnType<Links['listen']> | null = null;

  function attach(links: Links): void {
    // Undefined for events of former links: these belong to a device that has logged out.
    const peerOf = (device: DeviceId): Peer | undefined =>
      current?.links === links ? peers.get(device) : undefined;
    links.events.on('state', async ({ device, state, carrier, reason }) => {
      changes.notify();
      const before = peerOf(device);
      if (before === undefined) return;
      const peer = { ...before, state, carrier: carrier ?? before.carrier };
      peers.set(device, peer);
      const name = people.nameOf(peer.account);
      const change = { peer: name, device, link: peer.carrier, state, reason: sanitiseLine(reason.message) };
      if (state === 'closed' && !ORDERLY.has(reason.code)) reportTrouble(change);
      else tell('link', change);
      if (state === 'open') await events.emit('opened', peer);
      else if (before.state === 'open' && reason.code === 'timeout') await events.emit('silent', peer);
    });
    links.events.on('messages', async ({ device, payloads }) => {
      await Promise.all(
        payloads.map(async (payload) => {
          const peer = peerOf(device);
          if (peer !== undefined) await events.emit('payload', { peer, payload });
        }),
      );
    });
    links.events.on('restarted', async ({ device }) => {
      const peer = peerOf(device);
      if (peer !== undefined) await events.emit('restarted', peer);
    });
    links.events.on('writable', async ({ device }) => {
      const peer = peerOf(device);
      if (peer !== undefined) await events.emit('writable', peer);
    });
    links.events.on('refused', ({ carrier, reason }) => {
      log.info({ carrier, reason }, 'an incoming connection was refused');
      if (UNREMARKABLE.has(reason.code)) return;
      reportTrouble({
        peer: 'unknown',
        link: carrier,
        state: 'closed',
        reason: sanitiseLine(reason.message),
      });
    });
  }

  function areLinked(accounts: ReadonlySet<AccountId>): boolean {
    const introduced = new Set<AccountId>();
    const linked = new Set<AccountId>();
    for (const { device, state } of current?.links.list() ?? []) {
      const account = peers.get(device)?.account;
      if (account === undefined || !accounts.has(account)) continue;
      introduced.add(account);
      if (state === 'open') linked.add(account);
    }
    return introduced.size === linked.size;
  }

  return {
    events,
    async become(device) {
      if (current?.device === device || (current === null && device === null)) return;
      const former = current;
      const forgotten = [...peers.keys()];
      current = device === null ? null : { device, links: parts.openLinks(device) };
      listening = null;
      peers.clear();
      if (current !== null) attach(current.links);
      for (const one of forgotten) await events.emit('forgotten', one);
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
    setAnnounced(now) {
      isAnnounced = now;
    },
    async introduce(signed, asked) {
      if (current === null) return null;
      const { device, links } = current;
      const accepted = await parts.acceptIntroduction(signed, device, asked);
      if (accepted === null) return null;
      const { introduction, publicKey } = accepted;
      const { peer, at } = introduction;
      const before = peers.get(peer.device);
      // An introduction dated in the future was made while the tracker's clock was ahead. It does not outdate later
      // introductions.
      const isOutdated =
        before !== undefined &&
        before.introducedAt > at &&
        before.introducedAt <= parts.clock.now() + MAX_LEAD_MS;
      if (current?.links !== links || isOutdated) return introduction;
      const { account, isStranger = false } = peer;
      const known = before ?? { device: peer.device, account, state: 'closed', carrier: 'tcp' };
      peers.set(peer.device, { ...known, introducedAt: at, isStranger });
      links.choose(peer.device, carrierChoices.towards(peer.account));
      links.introduce({ id: peer.device, publicKey, candidates: byCarrier(peer.addresses, isAnnounced) });
      return introduction;
    },
    recheck: () => current?.links.recheck(),
    rechoose() {
      for (const { device, account } of peers.values()) {
        current?.links.choose(device, carrierChoices.towards(account));
      }
    },
    retry(accounts) {
      for (const { device, account } of peers.values()) {
        if (accounts.has(account)) current?.links.retry(device);
      }
    },
    async settled(accounts, timeoutMs) {
      await changes.until(() => areLinked(accounts), timeoutMs);
    },
    async keepOnly(accounts) {
      const unwanted = [...peers.values()].filter(({ account }) => !accounts.has(account));
      for (const { device, account, carrier, state } of unwanted) {
        peers.delete(device);
        await events.emit('forgotten', device);
        const reason = parts.isBlocked(account)
          ? 'You blocked this person.'
          : 'You share no conversation with this person any more.';
        if (state !== 'closed') {
          tell('link', { peer: people.nameOf(account), device, link: carrier, state: 'closed', reason });
        }
        await current?.links.forget(device);
      }
    },
    get: (device) => peers.get(device),
    openOf: (account) =>
      [...peers.values()].filter((peer) => peer.account === account && peer.state === 'open'),
    open: () => [...peers.values()].filter(({ state }) => state === 'open'),
    send(device, envelope) {
      if (current === null) return 'unknown';
      const { links } = current;
      return links.send(device, writeFrame({ ...envelope, ...hopOf(links.connection(device)) }));
    },
    list: () =>
      (current?.links.list() ?? []).flatMap((link) => {
        const peer = peers.get(link.device);
        return peer === undefined ? [] : [listingOf(peer, link)];
      }),
  };
}
