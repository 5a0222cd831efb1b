// Notifications, mutes and unread counts in the JSON face, tested with real processes, some of which are killed.
import test from 'ava';
import type { FaceEvent, JsonTerminal } from '../../bin/demo/json-terminal.js';
import { openStage, twoInLobby } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const NOTIFICATION = { event: 'notification' } as const;

/** The terminal's notifications of messages: kind, conversation, preview and loudness. */
const notified = ({ seen }: JsonTerminal) =>
  seen
    .filter((one) => one.event === 'notification' && 'id' in one)
    .map(({ kind, conversation, preview, loud }) => [kind, conversation, preview, loud]);

/** Types a line at `from` and waits until `to` has the message. */
async function says(from: JsonTerminal, to: JsonTerminal, line: string): Promise<FaceEvent> {
  const { id } = await from.type(line);
  return to.expect({ event: 'message', id }, `the message ${line}`);
}

async function unreadOf(terminal: JsonTerminal, conversation: string) {
  const { conversations } = (await terminal.type('/unread'))['data'] as {
    readonly conversations: readonly { readonly conversation: string; readonly lastRead: string | null }[];
  };
  return conversations.find((one) => one.conversation === conversation);
}

test('attention: messages cause notifications by their kind, and count as unread in conversations that are not open', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await alice.type('/create den');
  const said = await says(bob, alice, 'hello **all**');
  const line = await alice.expect({ ...NOTIFICATION, kind: 'message' }, 'the notification');
  t.like(line, {
    conversation: '#lobby',
    from: 'bob',
    id: said['id'],
    preview: 'hello all',
    loud: false,
    at: said['at'],
  });
  await says(bob, alice, 'over here, @ALICE');
  await alice.expect({ ...NOTIFICATION, kind: 'mention' }, 'the mention');
  t.like(await unreadOf(alice, '#lobby'), { unread: 2, mentions: 1, muted: null, lastRead: null });
  t.like(await unreadOf(alice, '#den'), { unread: 0 });
  t.like(await alice.type('/open #lobby'), { status: 500 });
  t.like(await unreadOf(alice, '#lobby'), { unread: 0, mentions: 0 });
  await says(bob, alice, 'seen at once');
  t.like(await unreadOf(alice, '#lobby'), { unread: 0 });
  await bob.type('/msg alice');
  await says(bob, alice, 'psst');
  await alice.expect(
    { ...NOTIFICATION, kind: 'private', conversation: '@bob', loud: true },
    'the private one',
  );
  t.like(await alice.type('/dnd'), { status: 500, data: { dnd: true } });
  await says(bob, alice, 'psst again');
  await alice.expect({ ...NOTIFICATION, preview: 'psst again', loud: false }, 'a quiet one');
  t.deepEqual(notified(alice), [
    ['message', '#lobby', 'hello all', false],
    ['mention', '#lobby', 'over here, @ALICE', true],
    ['message', '#lobby', 'seen at once', false],
    ['private', '@bob', 'psst', true],
    ['private', '@bob', 'psst again', false],
  ]);
});

test('attention: events in a room cause quiet notifications, and events that concern the user cause loud ones', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const toBob = { ...NOTIFICATION, conversation: '#lobby', from: 'alice', username: 'bob', loud: true };
  await alice.expect(
    { ...NOTIFICATION, kind: 'event', type: 'MemberJoined', from: 'bob', loud: false },
    'joining',
  );
  t.like(await alice.type('/promote bob'), { status: 200 });
  await bob.expect({ ...toBob, kind: 'promotion', type: 'AdminPromoted' }, 'the promotion');
  await alice.type('/demote bob');
  await alice.type('/remove bob spam');
  await bob.expect({ ...toBob, kind: 'removal', type: 'MemberRemoved', preview: 'spam' }, 'the removal');
  await bob.type('/join lobby');
  await alice.type('/ban bob');
  await bob.expect({ ...toBob, kind: 'ban', type: 'MemberBanned', preview: '' }, 'the ban');
  await alice.type('/create den --private');
  await alice.type('/invite bob');
  const invited = { ...toBob, kind: 'invitation', type: 'MemberInvited', conversation: '#den' };
  await bob.expect(invited, 'the invitation');
  await bob.type('/join den');
  await alice.type('/leave');
  const leads = {
    ...NOTIFICATION,
    kind: 'promotion',
    type: 'AdminSucceeded',
    conversation: '#den',
    username: 'bob',
  };
  await bob.expect({ ...leads, loud: true }, 'the succession');
  t.false(alice.seen.some((one) => one.event === 'notification' && one['from'] === 'alice'));
});

test('attention: each kind of mute suppresses the right notifications, in its conversation, at its level, for its time', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await alice.type('/create den');

  t.like(await alice.type('/mute #lobby'), {
    status: 500,
    phrase: 'DONE',
    data: { conversation: '#lobby', user: null, level: 'all', until: null },
  });
  await says(bob, alice, '@alice, all is muted');
  t.like(await alice.type('/mute #lobby mentions'), { data: { level: 'mentions' } });
  await says(bob, alice, 'muted except for mentions');
  await says(bob, alice, '@alice, a mention');
  t.like(await unreadOf(alice, '#lobby'), { unread: 1, mentions: 1, muted: 'mentions' });
  t.like(await alice.type('/unmute #lobby'), { status: 500 });

  await alice.type('/open #lobby');
  t.like(await alice.type('/mute bob'), { data: { conversation: '#lobby', user: 'bob', level: 'all' } });
  await says(bob, alice, '@alice, a muted person');
  t.like(await alice.type('/unmute bob'), { status: 500 });

  t.like(await alice.type('/mute @bob 1d'), { data: { conversation: '@bob', user: null, level: 'all' } });
  await says(bob, alice, 'muted in private only');
  await bob.type('/msg alice');
  await says(bob, alice, 'privately muted');
  t.like(await unreadOf(alice, '@bob'), { unread: 0, muted: 'all' });

  await alice.type('/mute @bob 1s');
  await until(
    async () => ((await alice.type('/mutes'))['data'] as { mutes: unknown[] }).mutes.length === 0,
    'its end',
  );
  await says(bob, alice, 'not muted any more');
  t.like(await unreadOf(alice, '@bob'), { unread: 1, muted: null });

  t.deepEqual(
    notified(alice).map(([, , preview]) => preview),
    ['@alice, a mention', 'muted in private only', 'not muted any more'],
  );
  t.like(await alice.type('/mute #nowhere'), { status: 501, phrase: 'INVALID_COMMAND' });
  t.like(await alice.type('/mute #lobby for ever'), { status: 501, phrase: 'INVALID_COMMAND' });
});

test('attention: given a terminal that is killed, then unread counts, the last-read marker, mutes and do-not-disturb survive', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await alice.type('/create den');
  await bob.type('/join den');
  await says(bob, alice, 'read');
  await bob.type('/open #lobby');
  await says(bob, alice, 'unread');
  await says(bob, alice, 'unread, @alice');
  await alice.type('/mute @bob mentions');
  await alice.type('/mute #den 2h');
  const { mutes } = (await alice.type('/mutes'))['data'] as {
    readonly mutes: readonly { readonly until: string }[];
  };
  await alice.type('/dnd on');
  const before = (await alice.type('/unread'))['data'];
  t.like(before, { conversations: { length: 2 } });
  await alice.kill();

  const again = stage.terminal('alice');
  await again.expect({ event: 'session', state: 'online' }, 'being online');
  t.deepEqual((await again.type('/unread'))['data'], before);
  t.like(await unreadOf(again, '#lobby'), { unread: 2, mentions: 1 });
  t.is(typeof (await unreadOf(again, '#den'))?.lastRead, 'string');
  t.deepEqual((await again.type('/mutes'))['data'], { mutes });
  await bob.type('/open #den');
  await says(bob, again, 'in a muted room');
  await bob.type('/open #lobby');
  await says(bob, again, '@alice once more');
  await again.expect({ ...NOTIFICATION, kind: 'mention', loud: false }, 'a quiet mention');
  t.deepEqual(notified(again).length, 1);

  await again.type('/open #lobby');
  await again.kill();
  const last = stage.terminal('alice');
  await last.expect({ event: 'session', state: 'online' }, 'being online again');
  t.like(await unreadOf(last, '#lobby'), { unread: 0, mentions: 0 });
});
