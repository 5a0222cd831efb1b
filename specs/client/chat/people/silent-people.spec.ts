import test from 'ava';
import Emittery from 'emittery';
import { createEmitter } from '../../../../core/emitter.js';
import {
  followSilentPeople,
  DOUBT_MS,
  LIST_LAGS_MS,
  VERDICT_MS,
} from '../../../../client/chat/people/silent-people.js';
import type { Peer } from '../../../../client/chat/peers/peer.js';
import type { PeersEvents } from '../../../../client/chat/peers/peers.js';
import type { CarrierChoice } from '../../../../client/chat/peers/carrier-choice.js';
import type { SessionEvents, SessionState } from '../../../../client/session/port.js';
import type { AccountId } from '../../../../core/ids.js';
import { newAccountId } from '../../../support/identities.js';
import { createTime } from '../../../support/time.js';
import { newDevice } from '../support/world.js';

const [me, bob, carol] = [newAccountId(), newAccountId(), newAccountId()];

function open(account: AccountId): Peer {
  return { device: newDevice(), account, introducedAt: 0, isStranger: false, state: 'open', carrier: 'tcp' };
}

/** Silent people over faked links; `links` has those that are open. */
function setUp() {
  const time = createTime();
  const events = new Emittery<SessionEvents>();
  const session = {
    state: { state: 'online', reason: '' } as SessionState,
    events,
    brokerTrip: () => Promise.resolve<number | null>(1),
  };
  const peers = createEmitter<PeersEvents>();
  const links = new Set<Peer>();
  const known = new Set<Peer>();
  const shown: unknown[] = [];
  const moved = new Set<() => void>();
  let choice: CarrierChoice = 'auto';
  const silentPeople = followSilentPeople({
    session,
    network: {
      onChanged(listener) {
        moved.add(listener);
        return () => moved.delete(listener);
      },
    },
    peers: {
      events: peers,
      get: (device) => [...known].find((peer) => peer.device === device),
      open: () => [...links],
      openOf: (account) => [...links].filter((peer) => peer.account === account),
    },
    carrierChoices: { towards: () => choice },
    people: { nameOf: (account) => (account === bob ? 'bob' : account === carol ? 'carol' : 'me') },
    peerPresence: { stateOf: () => 'away' },
    me: () => me,
    steadyClock: time,
    schedule: time.schedule,
    tell: (name, event) => void shown.push([name, event]),
  });
  return {
    time,
    session,
    silentPeople,
    shown,
    forget: (peer: Peer) => known.delete(peer),
    choose: (next: CarrierChoice) => void (choice = next),
    move: () => moved.forEach((listener) => listener()),
    opens: async (peer: Peer): Promise<Peer> => {
      links.add(peer);
      known.add(peer);
      await peers.emit('opened', peer);
      return peer;
    },
    fallsSilent: async (peer: Peer) => {
      links.delete(peer);
      await peers.emit('silent', peer);
    },
  };
}

test('silence: given the only link to a person, when it falls silent, then they are offline 3 s later', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS - 1);
  t.false(silentPeople.isGone(bob));
  t.deepEqual(shown, []);
  await time.pass(1);
  t.true(silentPeople.isGone(bob));
  t.deepEqual(shown, [['presence', { username: 'bob', state: 'offline' }]]);
});

test('silence: given a person who is offline by silence, when a link opens, then their state is shown again', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  await opens(open(bob));
  t.false(silentPeople.isGone(bob));
  t.deepEqual(shown, [
    ['presence', { username: 'bob', state: 'offline' }],
    ['presence', { username: 'bob', state: 'away' }],
  ]);
});

test('silence: given another link to the person, open or opened in time, then nothing is shown', async (t) => {
  const { time, shown, opens, fallsSilent } = setUp();
  const [desk, phone] = [await opens(open(bob)), await opens(open(bob))];
  await fallsSilent(phone);
  await time.pass(VERDICT_MS);
  await fallsSilent(desk);
  await time.pass(VERDICT_MS - 1);
  await opens(open(bob));
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, []);
});

test('silence: given all links fall silent together, then our own network is the cause, and nobody is offline', async (t) => {
  const { time, shown, opens, fallsSilent } = setUp();
  const peers = [await opens(open(bob)), await opens(open(carol))];
  for (const peer of peers) {
    await fallsSilent(peer);
    await time.pass(1_000);
  }
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, []);
});

test('silence: given two who fall silent long after each other, then both are offline', async (t) => {
  const { time, shown, opens, fallsSilent } = setUp();
  const peers = [await opens(open(bob)), await opens(open(carol))];
  for (const peer of peers) {
    await fallsSilent(peer);
    await time.pass(VERDICT_MS + 1);
  }
  t.deepEqual(shown, [
    ['presence', { username: 'bob', state: 'offline' }],
    ['presence', { username: 'carol', state: 'offline' }],
  ]);
});

test('silence: given the tracker or the broker cannot be reached, then nobody is offline', async (t) => {
  const { time, session, shown, opens, fallsSilent } = setUp();
  session.brokerTrip = () => Promise.resolve(null);
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  session.brokerTrip = () => Promise.resolve(1);
  session.state = { state: 'reconnecting', reason: '' };
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, []);
});

test('silence: given our own connection or address changed within 10 s, then nobody is offline', async (t) => {
  const { time, session, shown, move, opens, fallsSilent } = setUp();
  const doubts = [
    () => session.events.emit('state', session.state),
    () => session.events.emit('renewed', null),
    () => Promise.resolve(move()),
  ];
  for (const doubt of doubts) {
    const peer = await opens(open(bob));
    await time.pass(1);
    await doubt();
    await time.pass(DOUBT_MS - VERDICT_MS - 1);
    await fallsSilent(peer);
    await time.pass(VERDICT_MS);
    t.deepEqual(shown, []);
  }
  const peer = await opens(open(bob));
  await time.pass(1);
  move();
  await time.pass(DOUBT_MS - VERDICT_MS);
  await fallsSilent(peer);
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, [['presence', { username: 'bob', state: 'offline' }]]);
});

test('silence: given our connection changed before the link opened, then a silence counts', async (t) => {
  const { time, shown, move, opens, fallsSilent } = setUp();
  move();
  await time.pass(1);
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, [['presence', { username: 'bob', state: 'offline' }]]);
});

test('silence: given a carrier was chosen that the broker does not carry, or a peer that was forgotten, then nobody is offline', async (t) => {
  const { time, shown, choose, forget, opens, fallsSilent } = setUp();
  const peer = await opens(open(bob));
  await fallsSilent(peer);
  forget(peer);
  await time.pass(VERDICT_MS);
  choose('tcp');
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, []);
});

test('silence: given another terminal of the own account, when it falls silent, then nothing is shown', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(me)));
  await time.pass(VERDICT_MS);
  t.false(silentPeople.isGone(me));
  t.deepEqual(shown, []);
});

test('silence: given a person who is offline by silence, then a list within 10 s may lag, and a later one decides', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  await time.pass(LIST_LAGS_MS - 1);
  silentPeople.listed([{ account: bob, state: 'dnd' }]);
  t.true(silentPeople.isGone(bob));
  await time.pass(1);
  t.false(silentPeople.isGone(bob));
  silentPeople.listed([{ account: bob, state: 'dnd' }]);
  silentPeople.listed([{ account: bob, state: 'dnd' }]);
  t.deepEqual(shown, [
    ['presence', { username: 'bob', state: 'offline' }],
    ['presence', { username: 'bob', state: 'dnd' }],
  ]);
});

test('silence: given a list without the person, then a list that has them again holds at once', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(bob)));
  await time.pass(VERDICT_MS);
  silentPeople.listed([]);
  silentPeople.listed([{ account: bob, state: 'online' }]);
  t.false(silentPeople.isGone(bob));
  t.deepEqual(shown, [
    ['presence', { username: 'bob', state: 'offline' }],
    ['presence', { username: 'bob', state: 'online' }],
  ]);
});

test('silence: given the chat is closed, then no verdict is given and no timer waits', async (t) => {
  const { time, silentPeople, shown, opens, fallsSilent } = setUp();
  await fallsSilent(await opens(open(bob)));
  silentPeople.close();
  t.is(time.pending(), 0);
  await time.pass(VERDICT_MS);
  t.deepEqual(shown, []);
});
