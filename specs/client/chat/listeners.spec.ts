import { getEventListeners } from 'node:events';
import test from 'ava';
import { listenUntil } from '../../../client/chat/listeners.js';
import { FakeChat } from '../../support/fake-chat.js';

test('listeners: many share one listener of the signal, and end with it', async (t) => {
  const [chat, ending] = [new FakeChat(), new AbortController()];
  const events = listenUntil(chat, ending.signal);
  let count = 0;
  const add = (): void => {
    count += 1;
  };
  for (let number = 0; number < 20; number += 1) events.on('presence', () => add());
  events.onAny(add);
  t.is(getEventListeners(ending.signal, 'abort').length, 1);
  await chat.events.emit('presence', { username: 'bob', state: 'online' });
  t.is(count, 21);
  ending.abort();
  events.on('presence', add);
  await chat.events.emit('presence', { username: 'bob', state: 'online' });
  t.is(count, 21);
});
