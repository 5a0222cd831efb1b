// The account commands, tested with real processes.
import test from 'ava';
import { PASSWORD } from '../support/device.js';
import { openStage, twoInLobby } from '../support/processes/tracker-process.js';

test('accounts: given a private conversation and a room, when a person is renamed, then everyone sees the new name at once, and only the new name can log in', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const zoe = stage.terminal('zoe');
  await zoe.type(`/register zoe ${PASSWORD}`);
  await zoe.type('/msg bob hello');
  await bob.expect({ event: 'message', conversation: '@zoe', text: 'hello' }, "zoe's message");

  t.like(await bob.type('/rename ALICE'), { status: 101, phrase: 'USERNAME_TAKEN' });
  t.like(await bob.type('/rename robert'), {
    command: '/rename',
    status: 100,
    phrase: 'USERNAME_CHANGED',
    data: { username: 'robert' },
  });
  const told = {
    event: 'notice',
    type: 'UsernameChanged',
    username: 'robert',
    formerly: 'bob',
    by: 'robert',
  };
  for (const terminal of [alice, bob, zoe])
    await terminal.expect({ ...told, conversation: null }, 'the new name');

  await zoe.type('/open @robert');
  const said = await zoe.type('still you?');
  await bob.expect({ event: 'message', id: said['id'], from: 'zoe' }, 'the second message');
  await bob.type('/open #lobby');
  await bob.type('it is me');
  await alice.expect(
    { event: 'message', conversation: '#lobby', from: 'robert', text: 'it is me' },
    'by the new name',
  );
  const members = (await alice.type('/members'))['data'];
  t.like(members, { members: [{ username: 'alice' }, { username: 'robert' }], next: 'robert' });

  t.like(await zoe.type('/rename bob'), { status: 101, phrase: 'USERNAME_TAKEN' });
  const second = stage.terminal('second');
  t.like(await second.type(`/login bob ${PASSWORD}`), { status: 101, phrase: 'LOGIN_FAILED' });
  t.like(await second.type(`/login Robert ${PASSWORD}`), { status: 100, data: { username: 'robert' } });

  // A person who was away sees the new name on return.
  t.is(await alice.leave(), 0);
  t.like(await bob.type('/rename rob'), { status: 100 });
  await second.expect({ event: 'notice', type: 'UsernameChanged', username: 'rob' }, 'at the other terminal');
  const back = stage.terminal('alice');
  await back.expect({ ...told, username: 'rob', formerly: 'robert', by: 'rob' }, 'the missed notices');
});

test('accounts: given two terminals of one account, when one changes the password, then both stay online and only the new password logs in', async (t) => {
  const stage = await openStage(t);
  const [desk, phone, third] = [stage.terminal('desk'), stage.terminal('phone'), stage.terminal('third')];
  await desk.type(`/register alice ${PASSWORD}`);
  await phone.type(`/login alice ${PASSWORD}`);
  const next = 'a longer pass phrase';
  t.like(await desk.type(`/password wrong-horse "${next}"`), { status: 101, phrase: 'WRONG_PASSWORD' });
  t.like(await desk.type(`/password ${PASSWORD} short`), { status: 101, phrase: 'PASSWORD_REFUSED' });
  t.like(await desk.type(`/password ${PASSWORD} "${next}"`), {
    command: '/password',
    status: 100,
    phrase: 'PASSWORD_CHANGED',
  });
  t.like(await phone.type('/create lobby'), { status: 200 });
  t.like(await third.type(`/login alice ${PASSWORD}`), { status: 101, phrase: 'LOGIN_FAILED' });
  t.like(await third.type(`/login alice ${next}`), { status: 100, phrase: 'LOGIN_SUCCESSFUL' });
});

test('accounts: given two terminals of one account and a peer, then both receive all messages, and one can log the other out, which shows the reason', async (t) => {
  const stage = await openStage(t);
  const { alice: desk, bob } = await twoInLobby(stage);
  const phone = stage.terminal('phone');
  await phone.type(`/login alice ${PASSWORD}`);
  await phone.expect({ event: 'link', peer: 'bob', state: 'open' }, 'the link to bob');
  await phone.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to the other terminal');
  const asked = await bob.type('who is there?');
  for (const terminal of [desk, phone])
    await terminal.expect({ event: 'message', id: asked['id'] }, 'the question');
  const said = await desk.type('me');
  const heard = { event: 'message', id: said['id'], conversation: '#lobby', from: 'alice' };
  for (const terminal of [phone, bob]) await terminal.expect(heard, 'the answer');

  const listed = await desk.type('/devices');
  t.like(listed, { command: '/devices', status: 100, phrase: 'DEVICES_LISTED' });
  t.like(listed['data'], {
    devices: [
      { number: 1, current: true, online: true },
      { number: 2, current: false, online: true },
    ],
  });
  const [, { name }] = (listed['data'] as { devices: [object, { name: string }] }).devices;
  t.true(name.length > 0 && name.length <= 32, name);
  t.like(await desk.type('/devices revoke 1'), { status: 101, phrase: 'INVALID_COMMAND' });
  t.like(await desk.type('/devices revoke 3'), { status: 101, phrase: 'DEVICE_NOT_FOUND' });
  const before = phone.seen.length;
  t.like(await desk.type(`/devices revoke ${name}`), { status: 100, phrase: 'DEVICE_REVOKED' });
  const out = await phone.expect({ event: 'session', state: 'guest' }, 'being a guest again', before);
  t.regex(
    String(out['reason']),
    /^This terminal was logged out of the account alice from another terminal of the account \("/,
  );
  const why = (await phone.type('/why'))['data'];
  t.like(why, { event: 'DeviceRevoked', reason: out['reason'] });
  t.regex(JSON.stringify(why), /\/login NAME PASSWORD/);
  t.like(await desk.type('still here'), { status: 400 });

  t.like(await desk.type('/logout'), { status: 100, phrase: 'LOGOUT_SUCCESSFUL' });
  t.is(await desk.leave(), 0);
  const again = stage.terminal('alice');
  await again.expect({ event: 'session', state: 'guest' }, 'being a guest: the device is forgotten');
  t.like(await again.type(`/login alice ${PASSWORD}`), { status: 100 });
  t.like((await again.type('/devices'))['data'], { devices: [{ number: 1, current: true }] });
});
