import test from 'ava';
import { dataOf } from '../../../support/outcome.js';
import { until } from '../../../support/until.js';
import { createWorld, type Terminal, type World } from '../support/world.js';

/** Alice leads #lobby and #den and has #den open. Bob is in both, has #lobby open and is linked to her. */
async function aliceAndBob(world: World): Promise<{ readonly alice: Terminal; readonly bob: Terminal }> {
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  for (const room of ['lobby', 'den']) {
    await alice.chat.create(room);
    await bob.chat.join(room);
  }
  await bob.chat.open('#lobby');
  await bob.hears('link', { peer: 'alice', state: 'open' });
  return { alice, bob };
}

const stateOf = ({ chat }: Terminal, label: string) =>
  chat.conversationStates.find((state) => state.label === label);

/** Sends a message as Bob and waits until Alice has it. */
async function says(
  bob: Terminal,
  alice: Terminal,
  label: `#${string}` | `@${string}`,
  line: string,
  text = line,
) {
  await bob.chat.say(label, line);
  return alice.hears('message', { from: 'bob', text });
}

test('notifications: given messages in other conversations, then they notify and stay unread until opened, also after a crash', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  const first = await says(bob, alice, '#lobby', 'one **two**', 'one two');
  t.like(await alice.hears('notification', { kind: 'message' }), {
    conversation: '#lobby',
    from: 'bob',
    id: first.id,
    preview: 'one two',
    isLoud: false,
    at: first.at,
  });
  await says(bob, alice, '#lobby', 'hi @Alice');
  await alice.hears('notification', { kind: 'mention', preview: 'hi @Alice', isLoud: true });
  await bob.chat.startPrivate('alice');
  await says(bob, alice, '@alice', 'psst');
  await alice.hears('notification', { kind: 'private', conversation: '@bob', preview: 'psst', isLoud: true });
  t.like(stateOf(alice, '#lobby'), { unread: 2, mentions: 1, muted: null, lastRead: null });
  t.deepEqual(
    alice.all('unread').map(({ label, unread, mentions }) => [label, unread, mentions]),
    [
      ['#lobby', 1, 0],
      ['#lobby', 2, 1],
      ['@bob', 1, 0],
    ],
  );

  // The terminal is not stopped before the restart, as in a crash.
  const again = await world.restart(alice);
  t.like(stateOf(again, '#lobby'), { unread: 2, mentions: 1 });
  t.like(stateOf(again, '@bob'), { unread: 1, mentions: 0 });
  await again.chat.open('#lobby');
  await again.hears('unread', { label: '#lobby', unread: 0, mentions: 0 });
  const read = stateOf(again, '#lobby');
  t.true((read?.lastRead ?? 0) >= first.at);
  const last = await world.restart(again);
  t.deepEqual(stateOf(last, '#lobby'), read);
  t.like(dataOf(await last.chat.unread()), {
    conversations: [
      { label: '#lobby', unread: 0 },
      { label: '#den', unread: 0, lastRead: null },
      { label: '@bob', unread: 1, mentions: 0, muted: null },
    ],
  });
});

test('notifications: given a message in the open conversation, then it is read at once', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  const heard = await says(bob, alice, '#den', 'hi');
  await alice.hears('notification', { kind: 'message', conversation: '#den' });
  t.like(stateOf(alice, '#den'), { unread: 0, lastRead: heard.at });
  t.deepEqual(alice.all('unread'), []);
});

test('notifications: given a face that reports its focus, then only messages in the focused conversation are read at once, silently', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  t.like(await alice.chat.focus(null), { status: 500 });
  await says(bob, alice, '#den', '@alice one');
  await alice.hears('notification', { preview: '@alice one', isLoud: true });
  t.like(stateOf(alice, '#den'), { unread: 1, mentions: 1 });
  await alice.chat.focus('#den');
  t.like(stateOf(alice, '#den'), { unread: 0, mentions: 0 });
  await says(bob, alice, '#den', '@alice two');
  await alice.hears('notification', { preview: '@alice two', isLoud: false });
  t.like(stateOf(alice, '#den'), { unread: 0 });
  t.like(await alice.chat.focus('#nowhere'), { status: 501, phrase: 'INVALID_COMMAND' });
});

test('notifications: given a muted room, private conversation or member, then messages are shown but neither notify nor count as unread', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  const carol = await world.terminal('carol');
  for (const room of ['lobby', 'den']) await carol.chat.join(room);
  await carol.hears('link', { peer: 'alice', state: 'open' });
  t.like(await alice.chat.mute({ label: '#lobby' }, 'all', null), {
    status: 500,
    data: { conversation: '#lobby', username: null, level: 'all', until: null },
  });
  await alice.hears('unread', { label: '#lobby', muted: 'all' });
  t.like(await alice.chat.mute({ label: '@Bob' }, 'all', null), {
    data: { conversation: '@bob', username: null },
  });
  await alice.chat.open('#lobby');
  t.like(await alice.chat.mute({ word: 'CAROL' }, 'mentions', null), {
    data: { conversation: '#lobby', username: 'carol', level: 'mentions' },
  });
  await alice.chat.open('#den');
  t.like(await alice.chat.mute({ word: 'alice' }, 'all', null), { status: 501, phrase: 'INVALID_COMMAND' });
  t.like(await alice.chat.mute({ word: 'nobody' }, 'all', null), { status: 501 });
  t.like(await alice.chat.mute({ label: '#nowhere' }, 'all', null), { status: 501 });
  t.like(await alice.chat.mute({ label: '@nobody' }, 'all', null), { status: 501 });

  const again = await world.restart(alice);
  await until(() => world.net.end(bob.device).list().length === 2, 'the links are open');
  t.like(dataOf(await again.chat.mutes()), {
    mutes: [
      { conversation: '#lobby', username: null, level: 'all', until: null },
      { conversation: '@bob', username: null },
      { conversation: '#lobby', username: 'carol', level: 'mentions' },
    ],
  });
  await bob.chat.startPrivate('alice');
  await says(bob, again, '#lobby', '@alice in a muted room');
  await says(bob, again, '@alice', 'in muted privacy');
  await again.chat.unmute({ label: '#lobby' });
  await carol.chat.say('#lobby', 'of a muted person');
  await carol.chat.say('#lobby', '@alice!');
  await again.hears('notification', { kind: 'mention', from: 'carol' });
  await says(bob, again, '#lobby', 'not muted any more');
  await again.hears('notification', { preview: 'not muted any more' });
  t.deepEqual(
    again.all('notification').map(({ preview }) => preview),
    ['@alice!', 'not muted any more'],
  );
  t.is(again.all('message').length, 5);
  t.like(stateOf(again, '#lobby'), { unread: 2, mentions: 1, muted: null });
  t.like(stateOf(again, '@bob'), { unread: 0, muted: 'all' });
  t.like(await again.chat.unmute({ label: '#lobby' }), {
    status: 501,
    phrase: 'NOT_MUTED',
    message: '#lobby is not muted. /mutes lists all mutes.',
  });
});

test('notifications: given a mute with a duration, then its end is part of the answer', async (t) => {
  const world = await createWorld(t);
  const { alice } = await aliceAndBob(world);
  const before = Date.now();
  const muted = await alice.chat.mute(null, 'mentions', 7_200_000);
  t.regex(muted.message, /^#den is muted for 2 hours: notifications only for mentions/);
  t.true((dataOf(muted).until ?? 0) >= before + 7_200_000);
  t.like(stateOf(alice, '#den'), { muted: 'mentions' });
});

test('notifications: given own messages from another terminal, then they neither count as unread nor mention the user', async (t) => {
  const world = await createWorld(t);
  const { alice } = await aliceAndBob(world);
  const other = await world.terminal('alice');
  await other.hears('link', { peer: 'alice', state: 'open' });
  await other.chat.say('#lobby', 'a note to @alice');
  await alice.hears('message', { from: 'alice', text: 'a note to @alice' });
  t.like(stateOf(alice, '#lobby'), { unread: 0, mentions: 0 });
  t.deepEqual(
    alice.all('notification').filter(({ kind }) => kind !== 'event'),
    [],
  );
});

test('notifications: given do not disturb, then nothing is loud, also after a restart', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  t.like(await alice.chat.setDnd(true), { status: 500, data: { isOn: true } });
  await alice.hears('dnd', { isOn: true });
  const again = await world.restart(alice);
  await until(() => world.net.end(bob.device).list().length === 1, 'the link is open');
  t.true(again.chat.dnd);
  await says(bob, again, '#lobby', '@alice?');
  await again.hears('notification', { kind: 'mention', isLoud: false });
  t.like(stateOf(again, '#lobby'), { unread: 1, mentions: 1 });
});

test('notifications: given events in a room, then they notify quietly; given the own promotion, then it notifies loudly', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  const joined = alice
    .all('notification')
    .find((one) => 'notice' in one && one.notice.type === 'MemberJoined');
  t.like(joined, { kind: 'event', conversation: '#lobby', isLoud: false, notice: { username: 'bob' } });
  await alice.chat.leave('lobby');
  t.like(await bob.hears('notification', { kind: 'promotion' }), {
    conversation: '#lobby',
    isLoud: true,
    notice: { type: 'AdminSucceeded', username: 'bob' },
  });
});

test('notifications: given a renamed user, then mentions are found by the new name', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  await alice.session.called('alicia');
  await says(bob, alice, '#lobby', '@alicia, welcome');
  await alice.hears('notification', { kind: 'mention', preview: '@alicia, welcome' });
});

test('notifications: given a long text of several lines, then the preview is one short line', async (t) => {
  const world = await createWorld(t);
  const { alice, bob } = await aliceAndBob(world);
  await says(bob, alice, '#lobby', `one\ntwo ${'\u{1f600}'.repeat(200)}`);
  const { preview } = await alice.hears('notification', { kind: 'message' });
  t.regex(preview, /^one two \u{1f600}+…$/u);
  t.true(preview.length <= 200 && preview.isWellFormed());
});
