// Fetching of messages that this terminal lacks, the latest first, from any peer that offers them. Each conversation has one
// request at a time; the next request goes out when the messages of the previous one are on the disk.
import type { DeviceId } from '../../../core/ids.js';
import { compareMessages, type ConversationId } from '../../../core/protocol/message/message.js';
import { type DeviceRanges, type Range, subtractHeld } from '../../../core/protocol/backfill/ranges.js';
import type { Log } from '../../../core/log.js';
import type { History } from '../../history/port.js';
import type { Peer } from '../peers/peers.js';
import type { Announce } from './announce.js';
import type { Ask } from './ask.js';
import type { Arrived, ReceivePassed, Reception } from './receive.js';
import type { ReportForgery } from '../messages/report-forgery.js';

export interface FetchParts {
  readonly history: Pick<History, 'receivedRanges'>;
  readonly ask: Ask;
  readonly receive: ReceivePassed;
  readonly reportForgery: ReportForgery;
  readonly announce: Pick<Announce, 'toAll'>;
  readonly log: Log;
}

export interface Fetch {
  /** Notes what the peer can pass on. Replaces the peer's previous offer. */
  offered(peer: Peer, conversation: ConversationId, devices: readonly DeviceRanges[]): void;
  /** Forgets the offers of the device. Call this when its link opens or closes. */
  forget(device: DeviceId): void;
}

interface Offer {
  readonly peer: Peer;
  readonly devices: readonly DeviceRanges[];
}

/** Fetched messages are held until all have arrived, or this many, and then shown in order. */
const SHOWN_AT_ONCE = 2_000;
/** The maximum number of devices in one request. */
const ASKED_DEVICES = 64;

export function createFetch(parts: FetchParts): Fetch {
  const offers = new Map<ConversationId, Map<DeviceId, Offer>>();
  const busy = new Set<ConversationId>();
  /** Devices that passed on a forgery. A device is removed when its link opens again. */
  const distrusted = new Set<DeviceId>();

  function offersOf(conversation: ConversationId): Map<DeviceId, Offer> {
    const known = offers.get(conversation) ?? new Map<DeviceId, Offer>();
    offers.set(conversation, known);
    return known;
  }

  // `fetchAll` misses no offer that arrives while it runs: it awaits nothing between its last look at the offers and its end.
  async function work(conversation: ConversationId): Promise<void> {
    busy.add(conversation);
    try {
      await fetchAll(conversation);
    } catch (error) {
      busy.delete(conversation);
      parts.log.error({ error }, 'missing messages cannot be fetched');
    }
  }

  async function fetchAll(conversation: ConversationId): Promise<void> {
    const mine = offersOf(conversation);
    let arrived: readonly Arrived[] = [];
    for (;;) {
      const held = await parts.history.receivedRanges(conversation);
      const next = largest([...mine.values()], held);
      if (next === null) break;
      const reception = await fetchFrom(next.peer, conversation, next.devices);
      if (mine.get(next.peer.device) === next.offer) {
        const left = reception === null ? [] : without(next.devices, reception.seen);
        if (left.length === 0 || distrusted.has(next.peer.device)) mine.delete(next.peer.device);
        else mine.set(next.peer.device, { peer: next.peer, devices: left });
      }
      arrived = [...arrived, ...(reception?.arrived ?? [])];
      if (arrived.length >= SHOWN_AT_ONCE) arrived = showInOrder(conversation, arrived);
    }
    mine.clear();
    busy.delete(conversation);
    showInOrder(conversation, arrived);
  }

  async function fetchFrom(
    peer: Peer,
    conversation: ConversationId,
    wanted: readonly DeviceRanges[],
  ): Promise<Reception | null> {
    const devices = wanted.slice(0, ASKED_DEVICES);
    const given = await parts.ask(peer, conversation, devices);
    if (given === null) return null;
    const reception = await parts.receive(peer, { conversation, devices }, given);
    if (reception.forgery !== null) {
      distrusted.add(peer.device);
      parts.reportForgery(peer, 'passed on', reception.forgery);
    }
    return reception.seen.length === 0 ? null : reception;
  }

  function showInOrder(conversation: ConversationId, arrived: readonly Arrived[]): readonly Arrived[] {
    for (const { show } of arrived.toSorted((one, other) => compareMessages(one.message, other.message)))
      show();
    if (arrived.length > 0) parts.announce.toAll(conversation);
    return [];
  }

  return {
    offered(peer, conversation, devices) {
      if (distrusted.has(peer.device)) return;
      offersOf(conversation).set(peer.device, { peer, devices });
      if (!busy.has(conversation)) void work(conversation);
    },
    forget(device) {
      distrusted.delete(device);
      for (const known of offers.values()) known.delete(device);
    },
  };
}

/** The offer with the most messages that this terminal lacks. */
function largest(
  offers: readonly Offer[],
  held: readonly DeviceRanges[],
): (Offer & { readonly offer: Offer }) | null {
  const useful = offers
    .map((offer) => ({ offer, peer: offer.peer, devices: subtractHeld(offer.devices, held) }))
    .filter(({ devices }) => devices.length > 0)
    .toSorted((one, other) => count(other.devices) - count(one.devices));
  return useful[0] ?? null;
}

const count = (devices: readonly DeviceRanges[]): number =>
  devices.flatMap(({ ranges }) => ranges).reduce((sum, [first, last]) => sum + last - first + 1, 0);

function without(devices: readonly DeviceRanges[], seen: Reception['seen']): readonly DeviceRanges[] {
  const seenRanges = new Map<DeviceId, Range[]>();
  for (const { device, seq } of seen.toSorted((one, other) => one.seq - other.seq)) {
    const ranges = seenRanges.get(device) ?? [];
    ranges.push([seq, seq]);
    seenRanges.set(device, ranges);
  }
  return subtractHeld(
    devices,
    [...seenRanges].map(([device, ranges]) => ({ device, ranges })),
  );
}
