import test from 'ava';
import { lookAlike } from '../../../../client/chat/people/look-alikes.js';
import { safetyCode } from '../../../../client/chat/trust/safety-code.js';
import { accountIdSchema, systemIds } from '../../../../core/ids.js';
import { dataOf } from '../../../support/outcome.js';
import { until } from '../../../support/until.js';
import { createWorld, newDevice, type Terminal, type World } from '../support/world.js';

async function codesFor({ chat }: Terminal, username: string): Promise<readonly string[]> {
  return dataOf(await chat.safetyCodes(username)).codes.map(({ code }) => code);
}

/** Introduces a new device of this user to a terminal. */
async function introduceDevice({ tracker }: World, to: Terminal, username: string): Promise<void> {
  await (await tracker.enrol(username, newDevice())).meet(to.session);
}

test('identity: given two users who verify each other, then both see the same code, and the verification survives a restart', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  t.like(await alice.chat.safetyCodes('bob'), { status: 301, phrase: 'INVALID_COMMAND' });
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await bob.hears('link', { peer: 'alice', state: 'open' });
  t.like(await alice.chat.verify('bob'), { status: 301 }, 'no code was shown yet');
  const hers = await codesFor(alice, 'bob');
  t.deepEqual(hers, await codesFor(bob, 'Alice'));
  t.regex(hers[0] ?? '', /^(\d{5} ){5}\d{5}$/);
  t.like(await alice.chat.verify('bob'), { status: 500, data: { username: 'bob', isVerified: true } });
  t.like(dataOf(await alice.chat.links()), { links: { 0: { peer: 'bob', isVerified: true } } });
  t.like(dataOf(await bob.chat.links()), { links: { 0: { peer: 'alice', isVerified: false } } });
  await alice.stop();
  const again = await world.restart(alice);
  t.like(dataOf(await again.chat.safetyCodes('bob')), { codes: { 0: { code: hers[0], isVerified: true } } });
  t.deepEqual(again.all('warning'), []);
});

test('identity: given a verified user, when another device appears under their account, then a warning is shown and they are no longer verified', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await alice.chat.safetyCodes('bob');
  await alice.chat.verify('bob');
  await introduceDevice(world, alice, 'bob');
  const warning = await alice.hears('warning', { type: 'NewDevice', peer: 'bob' });
  t.regex(warning.message, /has not seen before.*Your verification of bob does not cover it.*\/verify bob/);
  t.like(await alice.chat.why(), { data: { event: 'NewDevice', by: 'bob' } });
  t.like(dataOf(await alice.chat.verify('bob')), { isVerified: false });
  t.is((await codesFor(alice, 'bob')).length, 2);
});

test('identity: given a user with two terminals at the first introduction, then neither causes a warning, and a later terminal does', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await world.terminal('bob');
  const phone = await world.terminal('bob');
  await phone.session.become('reconnecting');
  await alice.chat.startPrivate('bob');
  t.is((await codesFor(alice, 'bob')).length, 1);
  await alice.stop();
  await phone.session.become('online');
  const again = await world.restart(alice);
  t.is((await codesFor(again, 'bob')).length, 2);
  t.deepEqual([...alice.all('warning'), ...again.all('warning')], []);
  await world.terminal('bob');
  await again.chat.startPrivate('bob');
  await again.hears('warning', { type: 'NewDevice', peer: 'bob' });
  t.is(again.all('warning').length, 1);
});

test('identity: given a pinned device, when it appears under another account, then it is refused with a warning', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  const { value } = await (await world.user('mallory')).introductionTo(alice.session);
  const moved = { ...value, peer: { ...value.peer, device: bob.device } };
  alice.session.push('introduction', world.tracker.sign('introduction', moved));
  const warning = await alice.hears('warning', { type: 'DeviceMoved', peer: 'mallory' });
  t.regex(warning.message, /assigned a terminal of bob to mallory\. This terminal refused the change/);
  t.like(await alice.chat.safetyCodes('mallory'), { status: 301 });
});

test('identity: given a name that looks like a known one, when it first appears, then one warning is shown', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await introduceDevice(world, alice, 'modern');
  await introduceDevice(world, alice, 'modem');
  const warning = await alice.hears('warning', { type: 'LookAlike', peer: 'modem' });
  t.regex(warning.message, /modem is not modern/);
  await introduceDevice(world, alice, 'modem');
  await until(() => alice.all('warning').some(({ type }) => type === 'NewDevice'), 'the other device');
  t.is(alice.all('warning').filter(({ type }) => type === 'LookAlike').length, 1);
});

for (const [name, known] of [
  ['aIice', 'alice'],
  ['a1ice', 'alice'],
  ['b0b', 'bob'],
  ['B0B', 'bob'],
  ['al-x', 'al_x'],
  ['carnival', 'camival'],
] as const) {
  test(`look-alikes: ${name} looks like ${known}`, (t) => {
    t.is(lookAlike(name, ['zed', known]), known);
    t.is(lookAlike(known, [name]), name);
  });
}

test('look-alikes: a name does not look like itself in another case or like a clearly different name', (t) => {
  t.is(lookAlike('Alice', ['alice', 'alicia', 'malice']), undefined);
});

test('safety code: both sides have one code, and another device or account gives another code', (t) => {
  const [one, two] = [accountIdSchema.parse(systemIds.next()), accountIdSchema.parse(systemIds.next())];
  const [device, other, third] = [newDevice(), newDevice(), newDevice()];
  const code = safetyCode({ account: one, device }, { account: two, device: other });
  t.is(code, safetyCode({ account: two, device: other }, { account: one, device }));
  t.not(code, safetyCode({ account: one, device }, { account: two, device: third }));
  t.not(code, safetyCode({ account: two, device }, { account: one, device: other }));
});
