// The headless chat, put together from its parts. Each part uses only parts made before it. Parts emit events; later parts
// subscribe.
import Emittery from 'emittery';
import type { AccountId, DeviceId } from '../../core/ids.js';
import { createShutdownStack } from '../../core/shutdown-stack.js';
import { createHybridClock } from '../../core/protocol/message/hlc.js';
import { keepAliveSchedule, systemSchedule } from '../../core/time/clock.js';
import { createActions } from './actions.js';
import { createBackfill } from './backfill/backfill.js';
import { createTrackerConnection } from './connection/connection.js';
import { createConversations } from './conversations.js';
import { createWhy } from './diagnostics/why.js';
import type { ChatEvents, Tell } from './events.js';
import { createMessages } from './messages/messages.js';
import { createNotifications } from './notifications/notifications.js';
import type { ChatOptions } from './options.js';
import { createCarrierChoices } from './peers/carrier-choice.js';
import { createIntroducer } from './peers/introducer.js';
import { createPeers } from './peers/peers.js';
import { createBlocks } from './people/blocks.js';
import { createContacts } from './people/contacts.js';
import { warnOfLookAlikes } from './people/look-alike-warning.js';
import { createOwnPresence } from './people/own-presence.js';
import { followPeerPresence } from './people/peer-presence.js';
import { createPeople } from './people/people.js';
import { followSilentPeople } from './people/silent-people.js';
import type { Chat } from './port.js';
import { followNotices } from './rooms/notice-effects.js';
import { createRooms } from './rooms/rooms.js';
import { createStreamPositions } from './rooms/stream-positions.js';
import { createTrackerSync } from './rooms/tracker-sync.js';
import { createTrust } from './trust/trust.js';
import { createUnhandled } from './unhandled/unhandled.js';
import { createWitness } from './witness/witness.js';

/**
 * A chat over a session, links and a history. It opens and closes the links; the caller closes session and history after it.
 * Rejects when the history cannot be read.
 */
export async function createChat(options: ChatOptions): Promise<Chat> {
  const { session, history, trackerClock: clock, log } = options;
  // Only timers that a caller waits for keep the process alive.
  const schedule = options.schedule ?? systemSchedule;
  const waitSchedule = options.schedule ?? keepAliveSchedule;
  const [facts, kept] = [await history.knownState(), await history.notificationState()];
  const [latest, storedDrafts] = [await history.latestHlc(), await history.drafts()];
  const hybridClock = createHybridClock(clock);
  if (latest !== null) hybridClock.observe(latest);
  const events = new Emittery<ChatEvents>();
  let isClosed = false;
  // Failures after closing are not logged: work under way fails because the history is closed.
  const run = (work: Promise<unknown>, failure: string): void => {
    work.catch((error: unknown) => {
      if (!isClosed) log.error({ error }, failure);
    });
  };
  const tell: Tell = (name, event) => {
    if (!isClosed) run(events.emit(name, event), `a listener to ${name} failed`);
  };
  const identity = () => session.identity;
  const me = (): AccountId | null => session.identity?.account ?? null;
  const device = (): DeviceId | null => session.identity?.device ?? null;

  const why = createWhy(clock, me);
  const people = createPeople(history, facts.people);
  const rooms = createRooms(facts.rooms);
  const conversations = createConversations({ history, privates: facts.privates, rooms, people, me });
  const blocks = createBlocks({ session, people });
  const isBlocked = (account: AccountId): boolean => blocks.has(account);
  const noting = { ...options, clock, schedule, hybridClock, tell, run, why, me, identity, device };
  const witness = createWitness({ ...noting, stored: facts });
  const base = { ...noting, witness };
  const known = { ...base, people, rooms, conversations, blocks, isBlocked };
  warnOfLookAlikes(known);
  const notifications = createNotifications({ ...known, kept });
  const ownPresence = createOwnPresence({ ...base, isDnd: () => notifications.isDnd });
  const trust = createTrust({ ...known, devices: facts.devices });
  const carrierChoices = createCarrierChoices({ ...known, kept: facts.choices });
  const linking = { ...known, ...trust, carrierChoices, schedule: waitSchedule };
  const peers = createPeers(linking);
  const introducer = createIntroducer({ ...known, carrierChoices, peers });
  const streamPositions = createStreamPositions({ ...known, stored: facts });
  const trackerSync = createTrackerSync({ ...known, streamPositions });
  const delivering = { ...known, ...trust, peers, trackerSync, notifications };
  const messages = createMessages({ ...delivering, waitSchedule });
  const messaging = { ...delivering, ...messages, ownPresence };
  const backfill = createBackfill(messaging);
  const peerPresence = followPeerPresence(messaging);
  const silentPeople = followSilentPeople({ ...messaging, carrierChoices, peerPresence });
  followNotices({ ...messaging, carrierChoices, streamPositions, introducer, notifications });
  const contacts = createContacts({ ...known, introducer });
  const acting = { ...messaging, carrierChoices, introducer, contacts };
  const connection = createTrackerConnection({ ...acting, waitSchedule, backfill, peerPresence });
  const actions = createActions({ ...acting, silentPeople, storedDrafts });

  return {
    events,
    get session() {
      return connection.status;
    },
    get username() {
      return session.identity?.username ?? null;
    },
    get current() {
      return conversations.currentLabel();
    },
    get conversations() {
      return conversations.list().map((one) => conversations.labelOf(one));
    },
    get conversationStates() {
      return conversations.list().map((one) => notifications.stateOf(one));
    },
    get dnd() {
      return notifications.isDnd;
    },
    unhandled: createUnhandled(known),
    ...actions,
    noteOutcome: (outcome) => why.noteOutcome(outcome),
    whenOnline: (timeoutMs) => connection.synced(timeoutMs),
    active: () => ownPresence.active(),
    brokerTrip: () => session.brokerTrip(),
    drained: (timeoutMs) => messages.outbox.drained(timeoutMs),
    async close() {
      isClosed = true;
      const shutdown = createShutdownStack();
      shutdown.add(() => peers.become(null));
      shutdown.add(() => events.clearListeners());
      const closing = [backfill, silentPeople, ownPresence, connection];
      for (const part of closing) shutdown.add(() => part.close());
      await shutdown.close();
    },
  };
}
