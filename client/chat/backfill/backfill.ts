// Backfill: peers tell each other which messages they have of the conversations they share, and each fetches what it lacks. Put
// together from its parts.
import type { AccountId, DeviceId, Ids } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { History } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import type { Inbox } from '../messages/inbox.js';
import type { ReportForgery } from '../messages/report-forgery.js';
import type { StoreReceived } from '../messages/store-received.js';
import type { Peers } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { Rooms } from '../rooms/rooms.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import type { Enrolments } from '../trust/enrolments.js';
import { createAccess } from './access.js';
import { createAnnounce } from './announce.js';
import { createAsk } from './ask.js';
import type { Future } from '../messages/dating/future.js';
import { createCompare } from './compare.js';
import { createFetch } from './fetch.js';
import { createReceivePassed } from './receive.js';
import { createServe } from './serve.js';

export interface BackfillParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly history: Pick<History, 'receivedRanges' | 'relayableRanges' | 'relayableMessages' | 'digests'>;
  readonly rooms: Pick<Rooms, 'get'>;
  readonly conversations: Pick<Conversations, 'list'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly enrolments: Enrolments;
  readonly peers: Pick<Peers, 'events' | 'send' | 'open'>;
  readonly inbox: Pick<Inbox, 'events' | 'onHistory'>;
  readonly storeReceived: StoreReceived;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
  readonly reportForgery: ReportForgery;
  readonly future: Pick<Future, 'seems' | 'isConfirmed'>;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Backfill {
  /** Announces the stored messages to every linked peer. A sync may have added rooms since the links opened. */
  review(): void;
  close(): void;
}

export function createBackfill(parts: BackfillParts): Backfill {
  const { enrolments, peers, inbox, isBlocked } = parts;
  const access = createAccess(parts);
  const receive = createReceivePassed(parts);
  const asking = createAsk(parts);
  const exchange = { ...parts, access, receive, ask: asking.ask };
  const compare = createCompare(exchange);
  const announce = createAnnounce({ ...exchange, compare });
  const fetch = createFetch({ ...exchange, announce });
  const serve = createServe(exchange);

  /**
   * Messages of blocked people are not fetched. Messages of an unknown device are fetched, because its owner becomes known when
   * they arrive.
   */
  function isWanted({ device }: { readonly device: DeviceId }): boolean {
    const owner = enrolments.ownerOf(device);
    return owner === undefined || !isBlocked(owner);
  }

  function forget(device: DeviceId): void {
    fetch.forget(device);
    compare.forget(device);
  }

  inbox.onHistory((peer, request) => serve.answer(peer, request));
  serve.events.on('announced', ({ peer, conversation, devices, sums }) => {
    fetch.offered(peer, conversation, devices.filter(isWanted));
    compare.received(peer, conversation, sums.filter(isWanted));
  });
  inbox.events.on('stored', ({ conversation }) => announce.later(conversation));
  for (const name of ['opened', 'restarted'] as const) {
    peers.events.on(name, (peer) => {
      forget(peer.device);
      announce.toPeer(peer);
    });
  }
  peers.events.on('forgotten', forget);

  return {
    review() {
      for (const peer of peers.open()) announce.toPeer(peer);
    },
    close() {
      announce.close();
      asking.close();
    },
  };
}
