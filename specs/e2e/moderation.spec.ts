// The powers of a room's admins, tested with real processes from the typed line to the shown line.
import test from 'ava';
import { PASSWORD } from '../support/device.js';
import { openStage, type Stage, twoInLobby } from '../support/processes/tracker-process.js';

const lobby = { event: 'notice', conversation: '#lobby' } as const;

async function third(stage: Stage) {
  const carol = stage.terminal('carol');
  await carol.type(`/register carol ${PASSWORD}`);
  return carol;
}

test('moderation: a member is removed with a reason, rejoins, is banned, and can rejoin after the ban is lifted', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  t.like(await bob.type('/remove alice'), { status: 201, phrase: 'NOT_ADMIN' });
  t.like(await alice.type('/remove alice'), { status: 201, phrase: 'INVALID_COMMAND' });
  t.like(await alice.type('/remove carol'), { status: 201, phrase: 'USER_NOT_A_MEMBER' });
  t.like(await alice.type('/remove bob please be kind'), { status: 200, phrase: 'MEMBER_REMOVED_S' });
  const removed = { type: 'MemberRemoved', username: 'bob', by: 'alice', reason: 'please be kind' };
  for (const one of [alice, bob]) await one.expect({ ...lobby, ...removed }, 'the removal');
  t.like(await bob.type('/why'), {
    data: {
      event: 'MemberRemoved',
      by: 'alice',
      reason: 'bob was removed from #lobby. Reason: please be kind.',
    },
  });
  t.like(await bob.type('anybody there?'), { status: 401, phrase: 'INVALID_COMMAND' });
  t.like(await bob.type('/join lobby'), { status: 200, phrase: 'JOIN_S' });
  t.like(await alice.type('/ban bob'), { status: 200, phrase: 'MEMBER_BANNED_S' });
  await bob.expect({ ...lobby, type: 'MemberBanned', username: 'bob', by: 'alice', reason: null }, 'the ban');
  t.like(await bob.type('/join lobby'), {
    status: 201,
    phrase: 'JOIN_FAILURE',
    data: { reason: 'BANNED' },
  });
  t.like(await bob.type('/members lobby'), { status: 201, phrase: 'BANNED' });
  t.like(await alice.type('/unban bob'), { status: 200, phrase: 'MEMBER_UNBANNED_S' });
  await bob.expect({ ...lobby, type: 'MemberUnbanned', username: 'bob' }, 'the ban lifted');
  t.like(await bob.type('/join lobby'), { status: 200, phrase: 'JOIN_S' });
});

test('moderation: a private room is joined by invitation, which also reaches people who were away', async (t) => {
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  await alice.type(`/register alice ${PASSWORD}`);
  const carol = await third(stage);
  await carol.leave();
  t.like(await alice.type('/create den --private'), { status: 200, phrase: 'CREATION_S' });
  t.like(await alice.type('/invite nobody'), { status: 201, phrase: 'USERNAME_NOT_FOUND' });
  t.like(await alice.type('/invite carol'), { status: 200, phrase: 'MEMBER_INVITED_S' });
  const again = stage.terminal('carol');
  await again.expect(
    { event: 'notice', type: 'MemberInvited', conversation: '#den', username: 'carol', by: 'alice' },
    'the invitation',
  );
  t.like(await again.type('/rooms'), { data: { rooms: [{ name: 'den', private: true, joined: false }] } });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  t.like(await bob.type('/rooms'), { status: 201, phrase: 'NO_AVAILABLE_CHAT_ROOM' });
  t.like(await bob.type('/join den'), { phrase: 'JOIN_FAILURE', data: { reason: 'NOT_INVITED' } });
  t.like(await bob.type('/members den'), { status: 201, phrase: 'NOT_A_MEMBER' });
  t.like(await again.type('/join den'), { status: 200, phrase: 'JOIN_S' });
});

test('moderation: admins are promoted and demoted, only they set the topic, and the named successor leads next', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const carol = await third(stage);
  await carol.type('/join lobby');
  t.like(await alice.type('/members'), { data: { next: 'bob' } });
  t.like(await alice.type('/successor carol'), { status: 200, phrase: 'SUCCESSOR_NAMED_S' });
  t.like(await bob.type('/members'), { data: { next: 'carol' } });
  t.like(await bob.type('/topic mine'), { status: 201, phrase: 'NOT_ADMIN' });
  t.like(await alice.type('/topic Tea at five'), { status: 200, phrase: 'TOPIC_CHANGED_S' });
  await bob.expect({ ...lobby, type: 'TopicChanged', topic: 'Tea at five', by: 'alice' }, 'the topic');
  t.like(await bob.type('/topic'), { data: { conversation: '#lobby', topic: 'Tea at five' } });

  t.like(await alice.type('/promote bob'), { status: 200, phrase: 'ADMIN_PROMOTED_S' });
  t.like(await alice.type('/remove bob'), { status: 201, phrase: 'IS_ADMIN' });
  await bob.expect({ ...lobby, type: 'AdminPromoted', username: 'bob', by: 'alice' }, 'the promotion');
  t.like(await bob.type('/why'), { data: { event: 'AdminPromoted', by: 'alice' } });
  t.like(await bob.type('/demote alice'), { status: 200, phrase: 'ADMIN_DEMOTED_S' });

  // Carol was named as successor. Otherwise alice, the longest-standing member, would lead.
  t.regex((await bob.type('/demote bob')).message, /carol now leads it/);
  await alice.expect(
    { ...lobby, type: 'AdminSucceeded', username: 'carol', by: null, reason: 'the last admin stepped down' },
    'the succession',
  );
  const listed = await alice.type('/members');
  t.like(listed, {
    data: {
      members: [
        { username: 'alice', admin: false, leads: null },
        { username: 'bob', admin: false },
        { username: 'carol', admin: true, leads: { event: 'AdminSucceeded', because: 'steppedDown' } },
      ],
      next: 'alice',
    },
  });
  t.like(await carol.type('/leave'), { status: 200, data: { next: 'alice' } });
  t.like(await alice.type('/leave'), { status: 200, data: { next: 'bob' } });
  t.like(await bob.type('/demote bob'), { status: 201, phrase: 'LAST_MEMBER' });
  t.like(await bob.type('/leave'), { status: 200, data: { next: null } });
  t.like(await bob.type('/create lobby'), { status: 200, phrase: 'CREATION_S' }, 'the name is free again');
});
