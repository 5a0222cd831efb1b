// An account disabled by the operator: with the command line while a tracker runs, and before one is started.
import test from 'ava';
import { PASSWORD } from '../../support/device.js';
import { openStage, run, type Stage, twoInLobby } from '../../support/processes/tracker-process.js';

const admin = (stage: Stage, ...args: readonly string[]) => run(['admin', ...args, '--home', stage.home]);

test('disabling: given a running tracker, when an admin of a room is disabled, then their terminals are logged out with the reason, the room continues without them, and they can return once enabled', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const phone = stage.terminal('phone');
  await phone.type(`/login alice ${PASSWORD}`);

  const nobody = await admin(stage, 'disable', 'zoe');
  t.is(nobody.code, 1);
  t.regex(nobody.errors, /no account has or had the name or id zoe/);
  const done = await admin(stage, 'disable', 'ALICE', 'sold', 'her', 'keyboard');
  t.is(done.code, 0, done.errors);
  t.deepEqual(done.lines, [
    'alice is disabled; terminals to log out: 2, rooms to leave: 1 (within a second if the tracker is running, otherwise at its next start)',
  ]);
  const left = { type: 'MemberLeft', conversation: '#lobby', username: 'alice', by: null };
  await bob.expect({ event: 'notice', ...left, reason: 'the account was disabled' }, 'alice leaving');
  await bob.expect({ event: 'notice', type: 'AdminSucceeded', username: 'bob' }, 'the succession');
  t.like((await bob.type('/members'))['data'], { members: [{ username: 'bob', admin: true }], next: null });
  const sentence = 'The operator of the tracker has disabled the account alice. Reason: sold her keyboard';
  for (const terminal of [alice, phone]) {
    await terminal.expect(
      { event: 'notice', type: 'AccountDisabled', username: 'alice', by: null },
      'the notice',
    );
    await terminal.expect({ event: 'session', state: 'guest', reason: sentence }, 'being a guest');
    t.like((await terminal.type('/why'))['data'], { event: 'AccountDisabled', reason: sentence });
  }

  t.like(await alice.type(`/login alice ${PASSWORD}x`), { status: 101, phrase: 'LOGIN_FAILED' });
  t.like(await alice.type(`/login alice ${PASSWORD}`), {
    status: 101,
    phrase: 'ACCOUNT_DISABLED',
    message: sentence,
  });
  t.like(await phone.type(`/register Alice ${PASSWORD}`), { status: 101, phrase: 'USERNAME_TAKEN' });
  t.regex((await admin(stage, 'disable', 'alice')).lines.join(), /alice is already disabled/);

  t.regex((await admin(stage, 'enable', 'alice')).lines.join(), /alice can log in again/);
  t.like(await alice.type(`/login alice ${PASSWORD}`), { status: 100, phrase: 'LOGIN_SUCCESSFUL' });
  t.like(await alice.type('/join lobby'), { status: 200, phrase: 'JOIN_S' });
  await alice.type('back again');
  await bob.expect({ event: 'message', from: 'alice', text: 'back again' }, 'her message');
  t.is((await admin(stage, 'verify')).code, 0);
  const log = (await admin(stage, 'log', '--type', 'AccountDisabled')).lines.join();
  t.regex(log, /by the operator .*sold her keyboard/);
});

test('disabling: given no tracker, when somebody is disabled, then the next tracker logs them out and removes them from rooms', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await stage.stopTracker();
  const done = await admin(stage, 'disable', 'alice');
  t.is(done.code, 0, done.errors);
  await stage.startTracker();
  await bob.expect({ event: 'notice', type: 'MemberLeft', username: 'alice' }, 'alice leaving');
  const reason = 'The operator of the tracker has disabled the account alice.';
  await alice.expect({ event: 'session', state: 'guest', reason }, 'being a guest');
  t.like((await bob.type('/members'))['data'], { members: [{ username: 'bob', admin: true }] });
});
