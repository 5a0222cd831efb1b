// The headless chat, put together from its parts: what happens at one of them and concerns another is wired here.
import Emittery from 'emittery';
import { type Clock, type Schedule, systemSchedule } from '../../core/time/clock.js';
import type { AccountId, DeviceId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import { createHybridClock } from '../../core/protocol/message/hlc.js';
import type { History } from '../history/port.js';
import type { Network } from '../network.js';
import type { Session } from '../session/port.js';
import { createAbsence } from './connection/outage.js';
import { createAccountActions } from './account/actions.js';
import { createActing } from './guard.js';
import { createArrival } from './connection/sync-on-connect.js';
import { createAttention } from './notifications/focus.js';
import { createAttentionActions } from './notifications/actions.js';
import { createAvailability } from './people/own-presence.js';
import { openBackfill } from './backfill/open.js';
import { createBlocks } from './people/blocks.js';
import { createChoices } from './peers/carrier-choice.js';
import { createConnection } from './connection/status.js';
import { createConsequences } from './rooms/notice-effects.js';
import { createContacts } from './people/contacts.js';
import { createContradictions } from './trust/equivocation.js';
import { createConversations } from './conversations.js';
import { createDeeds } from './actions.js';
import { createDesk } from './peers/desk.js';
import { createEnrolments } from './trust/enrolments.js';
import { createEntrance } from './account/authentication.js';
import type { ChatEvents } from './events.js';
import { createInbox } from './messages/inbox.js';
import { createKnownDevices } from './trust/known-devices.js';
import { createLedger } from './rooms/stream-positions.js';
import { createLinkActions } from './peers/actions.js';
import { lookAlikeWarning } from './people/look-alikes.js';
import { createMeeting } from './peers/introducer.js';
import { createNews } from './rooms/tracker-sync.js';
import { createOutbox } from './messages/outbox.js';
import { createPeers, type OpenLinks, type Tell } from './peers/peers.js';
import { createPeople } from './people/people.js';
import { createPeopleActions } from './people/actions.js';
import { createPins } from './trust/pins.js';
import type { Chat } from './port.js';
import { createPresence } from './people/peer-presence.js';
import { createReadingActions } from './archive/actions.js';
import { createReception } from './messages/store-received.js';
import { createRoomActions } from './rooms/actions.js';
import { createRooms } from './rooms/rooms.js';
import { createSpeaking } from './messages/send.js';
import { createVerification } from './trust/verification.js';
import { followTidings } from './connection/subscriptions.js';
import { createWhy } from './diagnostics/why.js';

export interface ChatOptions {
  readonly session: Session;
  /** Told when the addresses of this machine have changed. */
  readonly network: Pick<Network, 'onChanged'>;
  readonly openLinks: OpenLinks;
  readonly history: History;
  /** Signs with the key of the device that is logged in. */
  readonly sign: (device: DeviceId, data: Uint8Array) => Buffer;
  readonly clock: Clock;
  /** The system's timers unless told. */
  readonly schedule?: Schedule;
  readonly ids: Ids;
  readonly log: Log;
}

/**
 * A chat over a session, links and a history. It opens and closes the links; the session and the history stay the
 * caller's, to be closed after it. Rejects when the history cannot be read.
 */
export async function createChat(options: ChatOptions): Promise<Chat> {
  const { session, history, clock, schedule = systemSchedule, ids, log } = options;
  const facts = await history.facts();
  const kept = await history.attention();
  const latest = await history.latestHlc();
  const hybridClock = createHybridClock(clock);
  if (latest !== null) hybridClock.observe(latest);

  const events = new Emittery<ChatEvents>();
  let isClosed = false;

  const tell: Tell = (name, event) => {
    if (!isClosed) run(events.emit(name, event), `a listener to ${name} failed`);
  };
  // Work that nobody waits for. What is still under way at the end fails harmlessly: the history is closed.
  function run(work: Promise<unknown>, failure: string): void {
    work.catch((error: unknown) => {
      if (!isClosed) log.error({ error }, failure);
    });
  }
  const account = () => session.identity?.account ?? null;
  const device = (): DeviceId | null => session.identity?.device ?? null;

  const why = createWhy(clock, account);
  const connection = createConnection(session, why, tell);
  const people = createPeople(
    history,
    facts.people,
    (renaming) => consequences.onRenamed(renaming),
    (peer, known) => tell('warning', lookAlikeWarning(peer, known, clock.now())),
  );
  const rooms = createRooms(facts.rooms);
  const conversations = createConversations({
    history,
    privates: facts.privates,
    rooms,
    people,
    me: account,
  });

  const identity = () => session.identity;
  const blocks = createBlocks({
    session,
    people,
    onChanged: (begun, ended) => consequences.onBlocks(begun, ended),
  });
  const isBlocked = (one: AccountId): boolean => blocks.has(one);
  /** What most of the parts look at. */
  const common = { history, rooms, conversations, people, isBlocked, why, tell, log, me: account };
  const attention = createAttention({ ...common, clock, identity, kept });
  const availability = createAvailability({
    session,
    schedule,
    isDnd: () => attention.isDnd,
    onTold: (state) => presence.announce(state),
  });

  const { trackerKey } = session;
  const devices = createKnownDevices(history, facts.devices);
  const pins = createPins(devices);
  const enrolments = createEnrolments({ devices, trackerKey });
  const choices = createChoices({ history, rooms, clock, kept: facts.choices, me: account });
  const onContradiction = createContradictions({ ...common, clock });
  const receive = createReception({ ...common, attention, hybridClock, onContradiction });
  const peers = createPeers({
    ...common,
    openLinks: options.openLinks,
    trackerKey,
    pins,
    enrolments,
    clock,
    choices,
    isAnnounced: () => arrival.isAnnounced,
    onOpen: (peer) => {
      outbox.opened(peer);
      backfill.opened(peer);
      presence.opened(peer);
    },
    onRestarted: (peer) => {
      outbox.restarted(peer);
      backfill.opened(peer);
      presence.restarted(peer);
    },
    onWritable: (peer) => outbox.writable(peer),
    onForgotten: (one) => {
      outbox.forgotten(one);
      backfill.forget(one);
      presence.forgotten(one);
    },
    onPayload: (peer, payload) => inbox.receive(peer, payload),
  });
  const presence = createPresence({ peers, people, ids, tell });
  const outbox = createOutbox({ ...common, peers, device, ids });
  const ledger = createLedger({
    history,
    rooms,
    people,
    told: facts.told,
    onNotice: (notice) => consequences.onNotice(notice),
    onRoom: (update, toMeet) => consequences.onRoom(update, toMeet),
  });
  const news = createNews({ session, ledger, people, log });
  const sync = () => news.sync();
  const absence = createAbsence({ clock, schedule, fetched: () => news.fetched, tell });
  const backfill = openBackfill({ ...common, enrolments, peers, receive, sync, ids });
  const inbox = createInbox({
    ...common,
    receive,
    peers,
    sync,
    onAnswer: async (peer, response) => {
      if (!backfill.answered(response)) await outbox.answered(peer, response);
    },
    onHistory: (peer, request) => backfill.serve(peer, request),
    onPeople: (peer, data) => presence.heard(peer, data),
    onStored: ({ conversation }) => backfill.touched(conversation),
  });
  const meeting = createMeeting({ session, history, rooms, conversations, choices, peers, isBlocked, log });
  const contacts = createContacts({ ...common, session, meeting });
  const arrival = createArrival({
    session,
    peers,
    news,
    meeting,
    inbox,
    backfill,
    availability,
    blocks,
    contacts,
    log,
    onDone: () => absence.caughtUp(),
  });
  const say = createSpeaking({ ...common, outbox, contacts, hybridClock, sign: options.sign, identity });
  const roomActions = createRoomActions({ session, rooms, conversations, news });
  const entrance = createEntrance({ session, outbox, peers });
  const accountActions = createAccountActions(session);
  const linkActions = createLinkActions({ conversations, rooms, people, peers, choices, me: account });
  const peopleActions = createPeopleActions({
    ...common,
    session,
    pins,
    choices,
    linkActions,
    meeting,
    peers,
  });
  const attentionActions = createAttentionActions({ ...common, attention, clock });
  const verify = createVerification({ pins, people, peers, clock, identity });
  const desk = createDesk({ history, conversations, peers, people, pins, choices, clock, device });
  const reading = createReadingActions({ history, conversations, people });

  const consequences = createConsequences({
    session,
    rooms,
    conversations,
    outbox,
    meeting,
    attention,
    why,
    tell,
    run,
  });

  const followers = { connection, absence, arrival, why, blocks, news, meeting };
  const unfollow = followTidings({ ...followers, session, network: options.network, run });
  if (session.state.state === 'online') arrival.changed();

  const deeds = createDeeds({
    ...createActing({ session, attention, log }),
    entrance,
    accountActions,
    peopleActions,
    blocks,
    contacts,
    roomActions,
    desk,
    say,
    attentionActions,
    availability,
    reading,
    linkActions,
    verify,
    why,
  });

  return {
    events,
    get session() {
      return connection.shown;
    },
    get username() {
      return session.identity?.username ?? null;
    },
    get current() {
      const current = conversations.current();
      return current === null ? null : conversations.labelOf(current);
    },
    get conversations() {
      return conversations.list().map((one) => conversations.labelOf(one));
    },
    get conversationStates() {
      return conversations.list().map((one) => attention.stateOf(one));
    },
    get dnd() {
      return attention.isDnd;
    },
    ...deeds,
    judged: (one) => why.judged(one),
    whenOnline: (timeoutMs) => arrival.done(timeoutMs),
    active: () => availability.active(),
    brokerTrip: () => session.brokerTrip(),
    drained: (timeoutMs) => outbox.drained(timeoutMs),
    async close() {
      isClosed = true;
      unfollow();
      arrival.close();
      availability.close();
      absence.close();
      backfill.close();
      events.clearListeners();
      await peers.become(null);
    },
  };
}
