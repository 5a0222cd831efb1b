// The links to others and the way to the broker, looked at now and then: what they are, and the round trips of the last
// minutes. Decides nothing about links.
import { z } from 'zod';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { CarrierKind } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';

/** Round trips kept of each link. */
const TRIPS_MAX = 120;

const text = z.string().transform(sanitiseLine);
const linksSchema = z.object({
  links: z.array(
    z.object({
      device: z.string(),
      peer: text,
      link: z.enum(['tcp', 'udp', 'relay']).nullable(),
      choice: z.string(),
      verified: z.boolean(),
      reason: text,
      rttMs: z.number().nullable(),
      loss: z.number().nullable(),
      queued: z.number(),
      ageMs: z.number(),
    }),
  ),
});

type Told = z.infer<typeof linksSchema>['links'][number];

/** A link to one device of a person. */
export interface MonitoredLink extends Told {
  /** Milliseconds, one a look, newest last; null while there was no link. */
  readonly roundTrips: readonly (number | null)[];
}

/** What carries to a person, and how long it takes there and back. */
export interface BestLink {
  readonly carrier: CarrierKind;
  readonly rttMs: number | null;
}

export class LinkMonitor {
  #links: readonly MonitoredLink[] = [];
  /** Of each person that is linked, the best. */
  #bestLinks: ReadonlyMap<string, BestLink> = new Map();
  #brokerMs: number | null = null;
  #isRefreshing = false;
  #isStale = false;
  #keepsRoundTrips = false;
  #isMeasuring = false;

  constructor(
    private readonly chat: Pick<Chat, 'links' | 'brokerTrip' | 'username'>,
    private readonly onChange: () => void,
  ) {}

  /** By the name of the person. */
  get links(): readonly MonitoredLink[] {
    return this.#links;
  }

  /** The latest round trip to the broker; null while there is no connection. */
  get brokerMs(): number | null {
    return this.#brokerMs;
  }

  /** The best of the links to a person; null without any. */
  bestLinkTo(username: string): BestLink | null {
    return this.#bestLinks.get(username) ?? null;
  }

  /** How many messages wait for a person. */
  queuedFor(username: string): number {
    return this.#links.find(({ peer }) => peer === username)?.queued ?? 0;
  }

  get isAnythingQueued(): boolean {
    return this.#links.some(({ queued }) => queued > 0);
  }

  /** Looks anew; the round trip to the broker comes when it has come back. @param keepsTrips whether it is time for one more round trip */
  refresh(keepsRoundTrips: boolean): void {
    this.#isStale = true;
    this.#keepsRoundTrips ||= keepsRoundTrips;
    if (!this.#isRefreshing) void this.#refresh();
    if (keepsRoundTrips && !this.#isMeasuring) void this.#measure();
  }

  /** What changes meanwhile is looked at once more. */
  async #refresh(): Promise<void> {
    this.#isRefreshing = true;
    while (this.#isStale) {
      const keepsRoundTrips = this.#keepsRoundTrips;
      [this.#isStale, this.#keepsRoundTrips] = [false, false];
      if (this.chat.username === null) [this.#links, this.#bestLinks] = [[], new Map()];
      else await this.#measureLinks(keepsRoundTrips);
    }
    this.#isRefreshing = false;
    this.onChange();
  }

  async #measureLinks(keepsRoundTrips: boolean): Promise<void> {
    const told = linksSchema.safeParse((await this.chat.links()).data);
    const links = told.success ? told.data.links : [];
    const before = new Map(this.#links.map(({ device, roundTrips }) => [device, roundTrips]));
    this.#links = links
      .map((one) => {
        const roundTrips = before.get(one.device) ?? [];
        const next = keepsRoundTrips ? [...roundTrips, one.link === null ? null : one.rttMs] : roundTrips;
        return { ...one, roundTrips: next.slice(-TRIPS_MAX) };
      })
      .toSorted((one, other) => (one.peer < other.peer ? -1 : one.peer > other.peer ? 1 : 0));
    this.#bestLinks = bestLinksOf(this.#links);
  }

  async #measure(): Promise<void> {
    this.#isMeasuring = true;
    this.#brokerMs = await this.chat.brokerTrip();
    this.#isMeasuring = false;
    this.onChange();
  }
}

function bestLinksOf(links: readonly MonitoredLink[]): ReadonlyMap<string, BestLink> {
  const slowness = (bestLink: BestLink | undefined): number => bestLink?.rttMs ?? Number.POSITIVE_INFINITY;
  const bestLinks = new Map<string, BestLink>();
  for (const { peer, link, rttMs } of links) {
    if (link === null) continue;
    const bestLink = { carrier: link, rttMs };
    if (!bestLinks.has(peer) || slowness(bestLink) < slowness(bestLinks.get(peer)))
      bestLinks.set(peer, bestLink);
  }
  return bestLinks;
}
