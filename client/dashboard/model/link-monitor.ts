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
export interface WatchedLink extends Told {
  /** Milliseconds, one a look, newest last; null while there was no link. */
  readonly trips: readonly (number | null)[];
}

/** What carries to a person, and how long it takes there and back. */
export interface Way {
  readonly carrier: CarrierKind;
  readonly rttMs: number | null;
}

export class LinkWatch {
  #links: readonly WatchedLink[] = [];
  /** Of each person that is linked, the best. */
  #ways: ReadonlyMap<string, Way> = new Map();
  #brokerMs: number | null = null;
  #isLooking = false;
  #isStale = false;
  #keepsTrips = false;
  #isMeasuring = false;

  constructor(
    private readonly chat: Pick<Chat, 'links' | 'brokerTrip' | 'username'>,
    private readonly onChange: () => void,
  ) {}

  /** By the name of the person. */
  get links(): readonly WatchedLink[] {
    return this.#links;
  }

  /** The latest round trip to the broker; null while there is no connection. */
  get brokerMs(): number | null {
    return this.#brokerMs;
  }

  /** The best of the links to a person; null without any. */
  wayTo(username: string): Way | null {
    return this.#ways.get(username) ?? null;
  }

  /** How many messages wait for a person. */
  queuedFor(username: string): number {
    return this.#links.find(({ peer }) => peer === username)?.queued ?? 0;
  }

  get isAnythingQueued(): boolean {
    return this.#links.some(({ queued }) => queued > 0);
  }

  /** Looks anew; the round trip to the broker comes when it has come back. @param keepsTrips whether it is time for one more round trip */
  look(keepsTrips: boolean): void {
    this.#isStale = true;
    this.#keepsTrips ||= keepsTrips;
    if (!this.#isLooking) void this.#look();
    if (keepsTrips && !this.#isMeasuring) void this.#measure();
  }

  /** What changes meanwhile is looked at once more. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#isStale) {
      const keepsTrips = this.#keepsTrips;
      [this.#isStale, this.#keepsTrips] = [false, false];
      if (this.chat.username === null) [this.#links, this.#ways] = [[], new Map()];
      else await this.#lookOnce(keepsTrips);
    }
    this.#isLooking = false;
    this.onChange();
  }

  async #lookOnce(keepsTrips: boolean): Promise<void> {
    const told = linksSchema.safeParse((await this.chat.links()).data);
    const links = told.success ? told.data.links : [];
    const before = new Map(this.#links.map(({ device, trips }) => [device, trips]));
    this.#links = links
      .map((one) => {
        const trips = before.get(one.device) ?? [];
        const next = keepsTrips ? [...trips, one.link === null ? null : one.rttMs] : trips;
        return { ...one, trips: next.slice(-TRIPS_MAX) };
      })
      .toSorted((one, other) => (one.peer < other.peer ? -1 : one.peer > other.peer ? 1 : 0));
    this.#ways = waysOf(this.#links);
  }

  async #measure(): Promise<void> {
    this.#isMeasuring = true;
    this.#brokerMs = await this.chat.brokerTrip();
    this.#isMeasuring = false;
    this.onChange();
  }
}

function waysOf(links: readonly WatchedLink[]): ReadonlyMap<string, Way> {
  const slowness = (way: Way | undefined): number => way?.rttMs ?? Number.POSITIVE_INFINITY;
  const ways = new Map<string, Way>();
  for (const { peer, link, rttMs } of links) {
    if (link === null) continue;
    const way = { carrier: link, rttMs };
    if (!ways.has(peer) || slowness(way) < slowness(ways.get(peer))) ways.set(peer, way);
  }
  return ways;
}
