// Fetches what this terminal lacks of a conversation, the latest first, from whoever offers it: one request at a time for each
// conversation, the next when the last is on the disk.
import type { DeviceId } from '../../../core/ids.js';
import { compareMessages, type ConversationId } from '../../../core/protocol/message/message.js';
import { type DeviceRuns, type Run, subtractHeld } from '../../../core/protocol/backfill/ranges.js';
import type { Log } from '../../../core/log.js';
import type { History } from '../../history/port.js';
import type { Peer } from '../peers/peers.js';
import type { Ask, ReportForgery } from './asking.js';
import type { Arrived, Take, Taken } from './receive.js';

export interface FetchParts {
  readonly history: Pick<History, 'held'>;
  readonly ask: Ask;
  readonly take: Take;
  readonly reportForgery: ReportForgery;
  /** Something was fetched and has been shown. */
  readonly onFetched: (conversation: ConversationId) => void;
  readonly log: Log;
}

export interface Fetch {
  /** The peer can pass this on; what it offered before is forgotten. */
  offered(peer: Peer, conversation: ConversationId, devices: readonly DeviceRuns[]): void;
  /** The link to the device is another one, or none: what it offered over the last is void. */
  forget(device: DeviceId): void;
}

interface Offer {
  readonly peer: Peer;
  readonly devices: readonly DeviceRuns[];
}

/** Messages are shown in order when all are here, or so many. */
const SHOWN_AT_ONCE = 2_000;
/** Devices asked for at once. */
const ASKED_DEVICES = 64;

export function createFetch(parts: FetchParts): Fetch {
  const offers = new Map<ConversationId, Map<DeviceId, Offer>>();
  const busy = new Set<ConversationId>();
  /** Until their links open anew. */
  const distrusted = new Set<DeviceId>();

  function offersOf(conversation: ConversationId): Map<DeviceId, Offer> {
    const known = offers.get(conversation) ?? new Map<DeviceId, Offer>();
    offers.set(conversation, known);
    return known;
  }

  // An offer that comes while it works is looked at before it ends: nothing is awaited between the last look and the end.
  async function work(conversation: ConversationId): Promise<void> {
    busy.add(conversation);
    try {
      await fetchAll(conversation);
    } catch (error) {
      busy.delete(conversation);
      parts.log.error({ error }, 'what was missed cannot be fetched');
    }
  }

  async function fetchAll(conversation: ConversationId): Promise<void> {
    const mine = offersOf(conversation);
    let arrived: readonly Arrived[] = [];
    for (;;) {
      const held = await parts.history.held(conversation);
      const next = largest([...mine.values()], held);
      if (next === null) break;
      const taken = await fetchFrom(next.peer, conversation, next.devices);
      if (mine.get(next.peer.device) === next.offer) {
        const left = taken === null ? [] : without(next.devices, taken.seen);
        if (left.length === 0 || distrusted.has(next.peer.device)) mine.delete(next.peer.device);
        else mine.set(next.peer.device, { peer: next.peer, devices: left });
      }
      arrived = [...arrived, ...(taken?.arrived ?? [])];
      if (arrived.length >= SHOWN_AT_ONCE) arrived = shown(conversation, arrived);
    }
    mine.clear();
    busy.delete(conversation);
    shown(conversation, arrived);
  }

  async function fetchFrom(
    peer: Peer,
    conversation: ConversationId,
    wanted: readonly DeviceRuns[],
  ): Promise<Taken | null> {
    const devices = wanted.slice(0, ASKED_DEVICES);
    const given = await parts.ask(peer, conversation, devices);
    if (given === null) return null;
    const taken = await parts.take(peer, { conversation, devices }, given);
    if (taken.forgery !== null) {
      distrusted.add(peer.device);
      parts.reportForgery(peer, taken.forgery);
    }
    return taken.seen.length === 0 ? null : taken;
  }

  function shown(conversation: ConversationId, arrived: readonly Arrived[]): readonly Arrived[] {
    for (const { show } of arrived.toSorted((one, other) => compareMessages(one.message, other.message)))
      show();
    if (arrived.length > 0) parts.onFetched(conversation);
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

/** The offer that has most of what is lacking. */
function largest(
  offers: readonly Offer[],
  held: readonly DeviceRuns[],
): (Offer & { readonly offer: Offer }) | null {
  const useful = offers
    .map((offer) => ({ offer, peer: offer.peer, devices: subtractHeld(offer.devices, held) }))
    .filter(({ devices }) => devices.length > 0)
    .toSorted((one, other) => count(other.devices) - count(one.devices));
  return useful[0] ?? null;
}

const count = (devices: readonly DeviceRuns[]): number =>
  devices.flatMap(({ runs }) => runs).reduce((sum, [first, last]) => sum + last - first + 1, 0);

function without(devices: readonly DeviceRuns[], seen: Taken['seen']): readonly DeviceRuns[] {
  const runsOf = new Map<DeviceId, Run[]>();
  for (const { device, seq } of seen.toSorted((one, other) => one.seq - other.seq)) {
    const runs = runsOf.get(device) ?? [];
    runs.push([seq, seq]);
    runsOf.set(device, runs);
  }
  return subtractHeld(
    devices,
    [...runsOf].map(([device, runs]) => ({ device, runs })),
  );
}
