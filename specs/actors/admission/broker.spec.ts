import test from 'ava';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { detourTo } from '../../support/bus/detour.js';
import { enter, guestOf, openTracker, terminalOf } from '../deployment.js';
import { generous } from '../limits.js';

/** A clock that does not advance: a wait lasts until the end of the spec. */
function still() {
  const now = Date.now();
  return { clock: { now: () => now } };
}

test('admission: given a guest who guesses passwords, then that guest waits, and neither another address nor the owner’s device does', async (t) => {
  const tracker = await openTracker(t, still());
  const owner = await guestOf(t, tracker);
  await owner.authenticate('register', 'Ann');

  for (let failure = 0; failure < 6; failure++) {
    const guesser = await guestOf(t, tracker);
    t.is((await guesser.authenticate('login', 'Ann', 'wrong-horse-battery')).phrase, 'LOGIN_FAILED');
    await guesser.bus.close();
  }
  const throttled = await (await guestOf(t, tracker)).authenticate('login', 'ann');
  t.like(throttled, { status: 101, phrase: 'TOO_MANY_ATTEMPTS' });
  t.regex(throttled.message, /Try again in 2 seconds\./);

  t.is((await owner.authenticate('renew', '')).phrase, 'RENEWAL_SUCCESSFUL');
  const elsewhere = await detourTo(t, tracker.broker.url, '127.0.0.2');
  const other = await guestOf(t, tracker, createNKey('user'), elsewhere);
  t.is((await other.authenticate('login', 'Ann')).phrase, 'LOGIN_SUCCESSFUL');
});

test('admission: given an address at its limit of registrations, then it registers no more accounts, and another address can', async (t) => {
  const admission = { ...generous, registrationsPerHour: 1, isLoopbackThrottled: true };
  const tracker = await openTracker(t, { ...still(), admission });
  const first = await guestOf(t, tracker);
  t.is((await first.authenticate('register', 'Ann')).phrase, 'REGISTRATION_SUCCESSFUL');
  const second = await guestOf(t, tracker);
  t.is((await second.authenticate('register', 'Ben')).phrase, 'TOO_MANY_ATTEMPTS');
  const elsewhere = await detourTo(t, tracker.broker.url, '127.0.0.2');
  const third = await guestOf(t, tracker, createNKey('user'), elsewhere);
  t.is((await third.authenticate('register', 'Ben')).phrase, 'REGISTRATION_SUCCESSFUL');
});

test('admission: given a device over its rate limit, then the answer says when to retry, and other devices do not wait', async (t) => {
  const admission = { ...generous, requestsPerSecond: 10 };
  const tracker = await openTracker(t, { ...still(), admission });
  const ann = await enter(t, tracker, 'Ann');
  const see = { operation: 'SEE' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => ann.command('chatroom', see)));
  const busy = answers.filter(({ phrase }) => phrase === 'BUSY');
  t.is(busy.length, 17, 'forty at once, ten a listing, and one has gone for the registration');
  t.like(busy[0], { status: 501, data: { retryAfterMs: 100 } });
  t.regex(busy[0]?.message ?? '', /Try again in 1 second\./);

  const ben = await enter(t, tracker, 'Ben');
  t.is((await ben.command('chatroom', see)).phrase, 'NO_AVAILABLE_CHAT_ROOM');
  const phone = createNKey('user');
  const login = await (await guestOf(t, tracker, phone)).authenticate('login', 'Ann');
  const other = await terminalOf(t, tracker, grantSchema.parse(login.data), phone);
  t.is(
    (await other.command('chatroom', see)).phrase,
    'NO_AVAILABLE_CHAT_ROOM',
    'not even of the same account',
  );
});
