import test from 'ava';
import { startJsonFace as start } from '../../support/terminals/json-face.js';

test('json: a refused message is a delivery event with the person, the phrase and the reason', async (t) => {
  const face = start(t);
  const counts = { acked: 1, of: 2, refused: 1 };
  await face.chat.events.emit('delivery', {
    id: 'm1',
    conversation: '#lobby',
    state: 'refused',
    ...counts,
    refusal: { by: 'bob', phrase: 'NOT_A_RECIPIENT', reason: 'Not for me.' },
  });
  t.deepEqual(face.objects().slice(1), [
    {
      event: 'delivery',
      id: 'm1',
      conversation: '#lobby',
      state: 'refused',
      ...counts,
      by: 'bob',
      phrase: 'NOT_A_RECIPIENT',
      reason: 'Not for me.',
    },
  ]);
});

test('json: a notification has its own line, which names its message or notice', async (t) => {
  const face = start(t);
  const { events } = face.chat;
  await events.emit('notification', {
    kind: 'mention',
    conversation: '#lobby',
    from: 'bob',
    id: 'm1',
    preview: 'hi @alice',
    isLoud: true,
    at: 0,
  });
  const notice = {
    type: 'MemberRemoved',
    conversation: '#lobby',
    username: 'alice',
    by: 'bob',
    reason: 'spam',
    at: 0,
  } as const;
  const removal = { conversation: '#lobby', from: 'bob', preview: 'spam', isLoud: true, at: 0 } as const;
  await events.emit('notification', { ...removal, kind: 'removal', notice });
  t.deepEqual(face.objects().slice(1), [
    {
      event: 'notification',
      kind: 'mention',
      conversation: '#lobby',
      from: 'bob',
      id: 'm1',
      preview: 'hi @alice',
      loud: true,
      at: '1970-01-01T00:00:00.000Z',
    },
    {
      event: 'notification',
      kind: 'removal',
      conversation: '#lobby',
      from: 'bob',
      type: 'MemberRemoved',
      username: 'alice',
      preview: 'spam',
      loud: true,
      at: '1970-01-01T00:00:00.000Z',
    },
  ]);
});

test('json: given a terminal that was offline, when it is back, then an event reports it', async (t) => {
  const face = start(t);
  await face.chat.events.emit('back', { awayMs: 42_000, reason: 'The connection was lost.', notices: 3 });
  t.deepEqual(face.objects().at(-1), {
    event: 'back',
    awayMs: 42_000,
    reason: 'The connection was lost.',
    notices: 3,
  });
});
