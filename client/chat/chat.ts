// The headless chat, put together from its parts: what happens at one of them and concerns another is wired here.
import Emittery from 'emittery';
import { type Clock, type Schedule, systemSchedule } from '../../core/time/clock.js';
import type { AccountId, DeviceId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import { createHybridClock } from '../../core/protocol/message/hlc.js';
import type { History } from '../history/port.js';
import type { Network } from '../network.js';
import type { Session } from '../session/port.js';
import { createOutage } from './connection/outage.js';
import { createAccountActions } from './account/actions.js';
import { createActionGuard } from './guard.js';
import { createSyncOnConnect } from './connection/sync-on-connect.js';
import { createAttention } from './notifications/focus.js';
import { createAttentionActions } from './notifications/actions.js';
import { createOwnPresence } from './people/own-presence.js';
import { openBackfill } from './backfill/open.js';
import { createBlocks } from './people/blocks.js';
import { createCarrierChoices } from './peers/carrier-choice.js';
import { createConnectionStatus } from './connection/status.js';
import { createNoticeEffects } from './rooms/notice-effects.js';
import { createContacts } from './people/contacts.js';
import { createEquivocationWarning } from './trust/equivocation.js';
import { createConversations } from './conversations.js';
import { createActions } from './actions.js';
import { createDesk } from './peers/desk.js';
import { createEnrolments } from './trust/enrolments.js';
import { createAuthentication } from './account/authentication.js';
import type { ChatEvents } from './events.js';
import { createInbox } from './messages/inbox.js';
import { createKnownDevices } from './trust/known-devices.js';
import { createStreamPositions } from './rooms/stream-positions.js';
import { createLinkActions } from './peers/actions.js';
import { lookAlikeWarning } from './people/look-alikes.js';
import { createIntroducer } from './peers/introducer.js';
import { createTrackerSync } from './rooms/tracker-sync.js';
import { createOutbox } from './messages/outbox.js';
import { createPeers, type OpenLinks, type Tell } from './peers/peers.js';
import { createPeople } from './people/people.js';
import { createPeopleActions } from './people/actions.js';
import { createPins } from './trust/pins.js';
import type { Chat } from './port.js';
import { createPeerPresence } from './people/peer-presence.js';
import { createReadingActions } from './archive/actions.js';
import { createStoreReceived } from './messages/store-received.js';
import { createRoomActions } from './rooms/actions.js';
import { createRooms } from './rooms/rooms.js';
import { createSend } from './messages/send.js';
import { createVerification } from './trust/verification.js';
import { subscribeAll } from './connection/subscriptions.js';
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
  function run(work: Promise<unknown>, failure: string): void {
    work.catch((error: unknown) => {
      if (!isClosed) log.error({ error }, failure);
    });
  }
  const account = () => session.identity?.account ?? null;
  const device = (): DeviceId | null => session.identity?.device ?? null;

  const why = createWhy(clock, account);
  const connectionStatus = createConnectionStatus(session, why, tell);
  const people = createPeople(
    history,
    facts.people,
    (renaming) => noticeEffects.onRenamed(renaming),
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
    onChanged: (begun, ended) => noticeEffects.onBlocks(begun, ended),
  });
  const isBlocked = (one: AccountId): boolean => blocks.has(one);
  const common = { history, rooms, conversations, people, isBlocked, why, tell, log, me: account };
  const attention = createAttention({ ...common, clock, identity, kept });
  const ownPresence = createOwnPresence({
    session,
    schedule,
    isDnd: () => attention.isDnd,
    onTold: (state) => presence.announce(state),
  });

  const { trackerKey } = session;
  const devices = createKnownDevices(history, facts.devices);
  const pins = createPins(devices);
  const enrolments = createEnrolments({ devices, trackerKey });
  const carrierChoices = createCarrierChoices({ history, rooms, clock, kept: facts.choices, me: account });
  const onEquivocation = createEquivocationWarning({ ...common, clock });
  const receive = createStoreReceived({ ...common, attention, hybridClock, onEquivocation });
  const peers = createPeers({
    ...common,
    openLinks: options.openLinks,
    trackerKey,
    pins,
    enrolments,
    clock,
    carrierChoices,
    isAnnounced: () => syncOnConnect.isAnnounced,
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
  const presence = createPeerPresence({ peers, people, ids, tell });
  const outbox = createOutbox({ ...common, peers, device, ids });
  const streamPositions = createStreamPositions({
    history,
    rooms,
    people,
    told: facts.told,
    onNotice: (notice) => noticeEffects.onNotice(notice),
    onRoom: (update, toMeet) => noticeEffects.onRoom(update, toMeet),
  });
  const trackerSync = createTrackerSync({ session, streamPositions, people, log });
  const outage = createOutage({ clock, schedule, fetched: () => trackerSync.fetched, tell });
  const backfill = openBackfill({
    ...common,
    enrolments,
    peers,
    receive,
    sync: () => trackerSync.sync(),
    ids,
  });
  const inbox = createInbox({
    ...common,
    receive,
    peers,
    sync: () => trackerSync.sync(),
    onAnswer: async (peer, response) => {
      if (!backfill.answered(response)) await outbox.answered(peer, response);
    },
    onHistory: (peer, request) => backfill.serve(peer, request),
    onPeople: (peer, data) => presence.heard(peer, data),
    onStored: ({ conversation }) => backfill.touched(conversation),
  });
  const introducer = createIntroducer({ ...common, session, carrierChoices, peers });
  const contacts = createContacts({ ...common, session, introducer });
  const syncOnConnect = createSyncOnConnect({
    session,
    peers,
    trackerSync,
    introducer,
    inbox,
    backfill,
    ownPresence,
    blocks,
    contacts,
    log,
    onDone: () => outage.caughtUp(),
  });
  const say = createSend({ ...common, outbox, contacts, hybridClock, sign: options.sign, identity });
  const roomActions = createRoomActions({ session, rooms, conversations, trackerSync });
  const authentication = createAuthentication({ session, outbox, peers });
  const accountActions = createAccountActions(session);
  const linkActions = createLinkActions({ ...common, peers, carrierChoices });
  const peopleActions = createPeopleActions({
    ...common,
    session,
    pins,
    carrierChoices,
    linkActions,
    introducer,
    peers,
  });
  const attentionActions = createAttentionActions({ ...common, attention, clock });
  const verify = createVerification({ pins, people, peers, clock, identity });
  const desk = createDesk({ ...common, peers, pins, carrierChoices, clock, device });
  const reading = createReadingActions({ history, conversations, people });

  const noticeEffects = createNoticeEffects({
    session,
    rooms,
    conversations,
    outbox,
    introducer,
    attention,
    why,
    tell,
    run,
  });

  const followers = { connectionStatus, outage, syncOnConnect, why, blocks, trackerSync, introducer };
  const unfollow = subscribeAll({ ...followers, session, network: options.network, run });
  if (session.state.state === 'online') syncOnConnect.changed();

  const deeds = createActions({
    ...createActionGuard({ session, attention, log }),
    authentication,
    accountActions,
    peopleActions,
    blocks,
    contacts,
    roomActions,
    desk,
    say,
    attentionActions,
    ownPresence,
    reading,
    linkActions,
    verify,
    why,
  });

  return {
    events,
    get session() {
      return connectionStatus.shown;
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
    whenOnline: (timeoutMs) => syncOnConnect.done(timeoutMs),
    active: () => ownPresence.active(),
    brokerTrip: () => session.brokerTrip(),
    drained: (timeoutMs) => outbox.drained(timeoutMs),
    async close() {
      isClosed = true;
      unfollow();
      syncOnConnect.close();
      ownPresence.close();
      outage.close();
      backfill.close();
      events.clearListeners();
      await peers.become(null);
    },
  };
}
