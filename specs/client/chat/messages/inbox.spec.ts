import test from 'ava';
import { Encoder } from 'cbor-x';
import * as fc from 'fast-check';
import { writeFrame } from '../../../../client/chat/peers/wire.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { makeRequest } from '../../../../core/protocol/envelope.js';
import { messageSchema, privateConversation } from '../../../../core/protocol/message/message.js';
import { proveTurn } from '../../../../core/protocol/message/proof.js';
import { until } from '../../../support/until.js';
import { answerTo, meetStranger, messageOf } from '../support/stranger.js';
import { deviceOf } from '../support/terminal.js';
import { createWorld } from '../support/world.js';

const encode = (value: unknown): Buffer =>
  new Encoder({ useRecords: false, tagUint8Array: false }).encode(value);

test('inbox: given a message to a room from somebody who is no member, then it is answered NOT_A_RECIPIENT and not shown', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const mallory = await meetStranger(world, alice, 'mallory');
  const { conversation } = await world.tracker.room('lobby');
  const answer = await mallory.say(messageOf(mallory.user, { conversation, roster: 1 }));
  t.like(answer, { status: 401, phrase: 'NOT_A_RECIPIENT' });
  t.deepEqual(alice.all('message'), []);
});

test('inbox: given a message to a room that the receiver is not in, then it is answered NOT_A_RECIPIENT', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.chat.create('elsewhere');
  const mallory = await meetStranger(world, alice, 'mallory');
  const { conversation } = await world.tracker.room('elsewhere');
  const answer = await mallory.say(messageOf(mallory.user, { conversation, roster: 1 }));
  t.like(answer, { status: 401, phrase: 'NOT_A_RECIPIENT' });
});

test('inbox: given a message in the name of another account or device, then it is refused', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  const mallory = await meetStranger(world, alice, 'mallory');
  const me = alice.session.account;
  const ofBob = { conversation: privateConversation(me, bob.session.account) };
  const asBob = messageOf(bob.session, ofBob);
  t.like(await mallory.say(asBob), { status: 401, phrase: 'NOT_A_RECIPIENT' });
  const asBobsAccount = messageOf(mallory.user, { ...ofBob, account: bob.session.account });
  t.like(await mallory.say(asBobsAccount), { status: 401, phrase: 'NOT_A_RECIPIENT' });
  const toOthers = messageOf(mallory.user, ofBob);
  t.like(await mallory.say(toOthers), { status: 401, phrase: 'NOT_A_RECIPIENT' });
  t.deepEqual(alice.all('message'), []);
});

test('inbox: given the same message twice, then it is answered twice and shown once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const message = messageOf(bob.user, { conversation });
  t.like(await bob.say(message), { status: 400, phrase: 'MESSAGE_SENT' });
  t.like(await bob.say(message), { status: 400, phrase: 'MESSAGE_SENT' });
  t.is(alice.all('message').length, 1);
});

test('inbox: given control and override characters in a text, then they are removed and the spans are adjusted', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const text = '\u001b[2Jhi \u202eyou';
  const spans = [{ style: 'BOLD', start: 8, end: 11 }];
  t.like(await bob.say(messageOf(bob.user, { conversation, text, spans })), { status: 400 });
  const heard = await alice.hears('message', { from: 'bob' });
  t.is(heard.text, '[2Jhi you');
  t.deepEqual(heard.spans, [{ style: 'BOLD', start: 6, end: 9 }]);
  for (const nothing of ['\u202e\u200b', '\u200d', '\ufe0f', '\u0301', '\u2800', ' \n']) {
    const message = messageOf(bob.user, { conversation, seq: 2, text: nothing });
    t.like(await bob.say(message), { status: 401, phrase: 'INVALID_FORMAT' }, JSON.stringify(nothing));
  }
});

test('inbox: given a proof that does not fit its message, then it is refused, not shown, and reported once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const key = generateSigningKey();
  const bob = await meetStranger(world, alice, 'bob', deviceOf(key));
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const said = messageSchema.parse(messageOf(bob.user, { conversation }));
  const [proof] = proveTurn([said], (data) => key.sign(data));
  const [ofAnother] = proveTurn([said], (data) => generateSigningKey().sign(data));
  const forged: readonly Json[] = [
    { ...said, text: 'I owe alice 100', proof },
    { ...said, seq: 2, proof },
    { ...said, spans: [{ style: 'BOLD', start: 0, end: 1 }], proof },
    { ...said, proof: ofAnother },
    { ...said, proof: 'AAAA' },
    { ...said, proof: 'no proof at all!' },
    { ...said, proof: 7 },
  ];
  for (const data of forged) {
    t.like(await bob.say(data), { status: 401, phrase: 'SIGNATURE_INVALID' }, JSON.stringify(data));
  }
  t.deepEqual(alice.all('message'), []);
  t.like(await bob.say({ ...said, proof }), { status: 400 });
  t.like(await bob.say(messageOf(bob.user, { conversation, seq: 2 })), { status: 400 }, 'without a proof');
  const warnings = alice.all('warning').filter(({ type }) => type === 'Forgery');
  t.deepEqual(
    warnings.map(({ peer }) => peer),
    ['bob'],
  );
  t.regex(warnings[0]?.message ?? '', /The terminal of bob sent a forged message/);
});

test('inbox: given malformed messages, then each is answered INVALID_FORMAT', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const wrong = [
    null,
    'hello',
    {},
    messageOf(bob.user, { conversation, text: '' }),
    messageOf(bob.user, { conversation, text: 'x'.repeat(9_000) }),
    messageOf(bob.user, { conversation, seq: 1.5 }),
    messageOf(bob.user, { conversation, roster: 7 }),
    messageOf(bob.user, { conversation, spans: [{ style: 'BOLD', start: 0, end: 99 }] }),
    messageOf(bob.user, { conversation, spans: [{ style: 'BLINK', start: 0, end: 1 }] }),
    messageOf(bob.user, { conversation: '#lobby' }),
  ];
  for (const data of wrong) {
    t.like(await bob.say(data), { status: 401, phrase: 'INVALID_FORMAT' }, JSON.stringify(data));
  }
});

test('inbox: given another title, version or no request at all, then it is answered if it has an id', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const id = commandIdSchema.parse(systemIds.next());
  const envelope = { v: 1, id, title: 'MESSAGE', connection: 'TCP', from: null, to: null, data: {} };
  const ask = (fields: object) => {
    const own = systemIds.next();
    bob.send(encode({ ...envelope, id: own, ...fields }));
    return answerTo(bob.frames, own);
  };
  t.like(await ask({ title: 'Login' }), { status: 401, phrase: 'INVALID_COMMAND' });
  t.like(await ask({ title: 'NONSENSE' }), { status: 401, phrase: 'INVALID_COMMAND' });
  t.like(await ask({ v: 2 }), { status: 501, phrase: 'UNSUPPORTED_VERSION' });
  t.like(await ask({ connection: 7 }), { status: 401, phrase: 'INVALID_COMMAND' });
  const before = bob.frames.length;
  bob.send(encode({ v: 1, title: 'MESSAGE' }));
  bob.send(encode({ v: 1, id, status: 'no' }));
  bob.send(encode([1, 2, 3]));
  bob.send(Buffer.from('hello'));
  bob.send(Buffer.alloc(65_536, 0x81));
  t.like(await ask({ title: 'Sync' }), { status: 401 });
  t.is(bob.frames.length, before + 1);
});

test('inbox: given any bytes, then the terminal keeps working', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const envelope = fc.record({
    v: fc.constantFrom(1, 2),
    id: fc.oneof(fc.string(), fc.ulid()),
    title: fc.constantFrom('MESSAGE', 'Sync', ''),
    status: fc.option(fc.integer(), { nil: undefined }),
    connection: fc.constantFrom('TCP', 'UDP', null),
    from: fc.constant(null),
    to: fc.constant(null),
    data: fc.oneof(fc.jsonValue(), fc.constant(messageOf(bob.user, { conversation, spans: [null] }))),
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), envelope.map(encode)), (bytes) => {
      bob.send(bytes);
    }),
    { numRuns: 200 },
  );
  t.like(await bob.say(messageOf(bob.user, { conversation, seq: 1_000 })), { status: 400 });
  t.is(alice.all('message').length, 1);
});

test('inbox: given a message for a newer roster, then the terminal syncs and judges the message again', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const room = await world.tracker.room('lobby');
  world.tracker.letsPass = () => false;
  await bob.user.join('lobby');
  const { conversation } = room;
  const answer = await bob.say(messageOf(bob.user, { conversation, roster: 2 }));
  t.like(answer, { status: 400 });
  await alice.hears('notice', { type: 'MemberJoined', username: 'bob' });
  // As after a restore of the tracker from an older backup.
  const tooNew = await bob.say(messageOf(bob.user, { conversation, roster: 99, seq: 2 }));
  t.like(tooNew, { status: 400 });
});

test('inbox: given a tracker that does not answer, then messages for a newer roster wait in order and do not hold up others', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const { conversation } = await world.tracker.room('lobby');
  world.tracker.letsPass = () => false;
  await bob.user.join('lobby');
  world.tracker.isUp = false;
  const answers = [1, 2, 3].map((seq) =>
    bob.say(messageOf(bob.user, { conversation, roster: 2, seq, text: `line ${seq}` })),
  );
  const privately = privateConversation(alice.session.account, bob.user.account);
  t.like(await bob.say(messageOf(bob.user, { conversation: privately })), { status: 400 });
  t.deepEqual(
    alice.all('message').map(({ conversation }) => conversation),
    ['@bob'],
  );
  world.tracker.isUp = true;
  await alice.session.become('online');
  for (const answer of answers) t.like(await answer, { status: 400 });
  await until(() => alice.all('message').length === 4, 'all are shown');
  t.deepEqual(
    alice
      .all('message')
      .slice(1)
      .map(({ text }) => text),
    ['line 1', 'line 2', 'line 3'],
  );
});

test('inbox: given the first private messages all at once, then they are shown in order', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const payloads = lines.map((text, index) => {
    const data = messageOf(bob.user, { conversation, seq: index + 1, text });
    return writeFrame(makeRequest({ id: commandIdSchema.parse(systemIds.next()), title: 'MESSAGE', data }));
  });
  await world.net.end(alice.device).events.emit('messages', { device: bob.user.device, payloads });
  await until(() => alice.all('message').length === lines.length, 'all are shown');
  t.deepEqual(
    alice.all('message').map(({ text }) => text),
    lines,
  );
});

test('inbox: given a member who left, when they write for a roster after that, then the message is refused', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const { conversation } = await world.tracker.room('lobby');
  await bob.user.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined', username: 'bob' });
  t.like(await bob.say(messageOf(bob.user, { conversation, roster: 2 })), { status: 400 });
  const privately = privateConversation(alice.session.account, bob.user.account);
  t.like(await bob.say(messageOf(bob.user, { conversation: privately })), { status: 400 });
  await bob.user.leave('lobby');
  await alice.hears('notice', { type: 'MemberLeft', username: 'bob' });
  const later = messageOf(bob.user, { conversation, roster: 3, seq: 2 });
  t.like(await bob.say(later), { status: 401, phrase: 'NOT_A_RECIPIENT' });
  const underWay = messageOf(bob.user, { conversation, roster: 2, seq: 3, text: 'under way' });
  t.like(await bob.say(underWay), { status: 400 });
});

test('inbox: given a member who left while the receiver was not in the room, then their later messages are refused', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const { conversation } = await world.tracker.room('lobby');
  await bob.user.join('lobby');
  await (await world.user('carol')).join('lobby');
  await alice.chat.leave('lobby');
  await alice.hears('notice', { type: 'MemberLeft', username: 'alice' });
  await bob.user.leave('lobby');
  await alice.chat.join('lobby');
  await until(
    () => alice.all('notice').some(({ type }) => type === 'MemberJoined'),
    'alice has joined again',
  );
  await bob.user.meet(alice.session);
  const { version } = await world.tracker.room('lobby');
  const answer = await bob.say(messageOf(bob.user, { conversation, roster: version }));
  t.like(answer, { status: 401, phrase: 'NOT_A_RECIPIENT' });
  await alice.chat.say(null, 'hello');
  await alice.hears('delivery', { acked: 0, of: 1 });
});
