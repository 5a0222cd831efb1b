// The links to other terminals and the connection to the broker, as last measured, with the round trips of the last minutes.
// It decides nothing about links.
import type { Schedule } from '../../../core/time/clock.js';
import type { CarrierKind } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { ListedLink } from '../../chat/results.js';

/** Deliveries within this time share one refresh. */
const DELIVERIES_MS = 100;
/** Round trips kept for each link. */
const ROUND_TRIPS_MAX = 120;

/** A link to one device of a person. */
export interface MonitoredLink extends ListedLink {
  /** Milliseconds, one for each measurement, newest last; null for a measurement without a link. */
  readonly roundTrips: readonly (number | null)[];
}

/** The fastest link to a person. */
export interface BestLink {
  readonly carrier: CarrierKind;
  readonly rttMs: number | null;
}

export class LinkMonitor {
  #links: readonly MonitoredLink[] = [];
  /** The best link to each person, by username. */
  #bestLinks: ReadonlyMap<string, BestLink> = new Map();
  #brokerMs: number | null = null;
  #isRefreshing = false;
  #isStale = false;
  #keepsRoundTrips = false;
  #isMeasuring = false;
  #isRefreshDue = false;

  constructor(
    private readonly chat: Pick<Chat, 'links' | 'brokerTrip' | 'username'>,
    private readonly schedule: Schedule,
    private readonly onChange: () => void,
  ) {}

  /** Sorted by the name of the person. */
  get links(): readonly MonitoredLink[] {
    return this.#links;
  }

  /** The latest round trip to the broker; null while there is no connection. */
  get brokerMs(): number | null {
    return this.#brokerMs;
  }

  /** The best link to a person; null without a link. */
  bestLinkTo(username: string): BestLink | null {
    return this.#bestLinks.get(username) ?? null;
  }

  /** The number of messages queued for a person. */
  queuedFor(username: string): number {
    return this.#links.find(({ peer }) => peer === username)?.queued ?? 0;
  }

  get isAnythingQueued(): boolean {
    return this.#links.some(({ queued }) => queued > 0);
  }

  /** Reads the state of all links. A call during a refresh causes one more refresh after it. */
  refresh(): void {
    this.#isStale = true;
    if (!this.#isRefreshing) void this.#refresh();
  }

  /** Call it after a delivery. Reads the state of all links soon, if any message was queued: fewer messages may be queued now. */
  refreshQueues(): void {
    if (this.#isRefreshDue || !this.isAnythingQueued) return;
    this.#isRefreshDue = true;
    this.schedule(DELIVERIES_MS, () => {
      this.#isRefreshDue = false;
      this.refresh();
    });
  }

  /** Records one more round trip of every link, and measures the round trip to the broker. */
  measure(): void {
    this.#keepsRoundTrips = true;
    this.refresh();
    if (!this.#isMeasuring) void this.#measureBroker();
  }

  async #refresh(): Promise<void> {
    this.#isRefreshing = true;
    while (this.#isStale) {
      const keepsRoundTrips = this.#keepsRoundTrips;
      [this.#isStale, this.#keepsRoundTrips] = [false, false];
      if (this.chat.username === null) [this.#links, this.#bestLinks] = [[], new Map()];
      else await this.#readLinks(keepsRoundTrips);
    }
    this.#isRefreshing = false;
    this.onChange();
  }

  async #readLinks(keepsRoundTrips: boolean): Promise<void> {
    const answer = await this.chat.links();
    const links = answer.isOk ? answer.data.links : [];
    const before = new Map(this.#links.map(({ device, roundTrips }) => [device, roundTrips]));
    this.#links = links
      .map((one) => {
        const roundTrips = before.get(one.device) ?? [];
        const next = keepsRoundTrips ? [...roundTrips, one.carrier === null ? null : one.rttMs] : roundTrips;
        return { ...one, roundTrips: next.slice(-ROUND_TRIPS_MAX) };
      })
      .toSorted((one, other) => (one.peer < other.peer ? -1 : one.peer > other.peer ? 1 : 0));
    this.#bestLinks = bestLinksOf(this.#links);
  }

  async #measureBroker(): Promise<void> {
    this.#isMeasuring = true;
    this.#brokerMs = await this.chat.brokerTrip();
    this.#isMeasuring = false;
    this.onChange();
  }
}

function bestLinksOf(links: readonly MonitoredLink[]): ReadonlyMap<string, BestLink> {
  const rttOf = (one: BestLink | undefined): number => one?.rttMs ?? Number.POSITIVE_INFINITY;
  const bestLinks = new Map<string, BestLink>();
  for (const { peer, carrier, rttMs } of links) {
    if (carrier === null) continue;
    const bestLink = { carrier, rttMs };
    if (!bestLinks.has(peer) || rttOf(bestLink) < rttOf(bestLinks.get(peer))) bestLinks.set(peer, bestLink);
  }
  return bestLinks;
}
