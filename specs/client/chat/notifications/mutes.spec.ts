import test from 'ava';
import { createMutes, muteLevel } from '../../../../client/chat/notifications/mutes.js';
import type { Mute } from '../../../../client/history/reading/read-state.js';
import { accountIdSchema, systemIds } from '../../../../core/ids.js';
import { conversationIdSchema } from '../../../../core/protocol/message/message.js';

const bob = accountIdSchema.parse(systemIds.next());
const lobby = conversationIdSchema.parse(`room-${systemIds.next()}`);
const whole: Mute = { conversation: lobby, account: null, level: 'all', until: null };

function start(known: readonly Mute[] = []) {
  const written: unknown[] = [];
  const clock = { ms: 1_000, now: () => clock.ms };
  const history = {
    mute: async (mute: Mute) => void written.push(mute),
    unmute: async (...scope: readonly unknown[]) => void written.push(scope),
  };
  return { clock, written, mutes: createMutes(history, clock, known) };
}

test('mutes: given a duration, when it is over, then the mute is gone', async (t) => {
  const { clock, mutes } = start();
  const short = { ...whole, account: bob, until: 2_000 };
  await mutes.mute(whole);
  await mutes.mute(short);
  clock.ms = 1_999;
  t.deepEqual(mutes.list(), [whole, short]);
  clock.ms = 2_000;
  t.deepEqual(mutes.list(), [whole]);
  t.false(await mutes.unmute(lobby, bob));
});

test('mutes: given a second mute of the same conversation, then it replaces the first, and both are stored', async (t) => {
  const { written, mutes } = start([whole]);
  const milder: Mute = { ...whole, level: 'mentions', until: 9_000 };
  await mutes.mute(milder);
  t.deepEqual(mutes.list(), [milder]);
  t.true(await mutes.unmute(lobby, null));
  t.deepEqual(mutes.list(), []);
  t.deepEqual(written, [milder, [lobby, null]]);
});

test('mutes: given several mutes that apply, then the strictest level counts', (t) => {
  const person: Mute = { ...whole, account: bob, level: 'mentions' };
  t.is(muteLevel([person], lobby, []), null);
  t.is(muteLevel([person], lobby, [bob]), 'mentions');
  t.is(muteLevel([person, whole], lobby, [bob]), 'all');
  t.is(muteLevel([person, whole], null, [bob]), null);
});
