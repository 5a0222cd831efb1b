// The operator acts with the command line on a tracker that runs, and on one that is stopped.
import test from 'ava';
import { z } from 'zod';
import { openStage, run, type Stage, twoInLobby } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';

const admin = (stage: Stage, ...args: readonly string[]) => run(['admin', ...args, '--home', stage.home]);
const explained = z.object({ event: z.string().nullable(), reason: z.string() });
const shown = z.object({ devices: z.array(z.object({ device: z.string() })) });

test('administration: given a running tracker, when the operator removes an admin and revokes a terminal, then both see it with the reason, and the terminal is logged out', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  t.is((await admin(stage, 'remove', '#lobby', 'alice')).code, 2, 'the reason is required');

  const removed = await admin(stage, 'remove', '#lobby', 'alice', '--reason', 'spam');
  t.is(removed.code, 0, removed.errors);
  const notice = { event: 'notice', type: 'MemberRemoved', username: 'alice', by: null, operator: true };
  for (const terminal of [alice, bob]) await terminal.expect({ ...notice, reason: 'spam' }, 'the removal');
  await bob.expect({ event: 'notice', type: 'AdminSucceeded', username: 'bob' }, 'the succession');

  const account = shown.parse(JSON.parse((await admin(stage, 'show', '@bob', '--json')).lines.join()));
  const [{ device } = { device: '' }] = account.devices;
  const revoked = await admin(stage, 'revoke', device, '--reason', 'lost', '--json');
  t.is(revoked.code, 0, revoked.errors);
  t.like(JSON.parse(revoked.lines.join()), { format: 'administration/1', command: 'revoke', dryRun: false });
  const why = async () => explained.parse((await bob.type('/why'))['data']);
  await until(async () => (await why()).event === 'DeviceRevoked', 'the logout');
  t.regex((await why()).reason, /by the operator of the tracker at .* Reason: lost$/);
});

test('administration: given a stopped tracker, when the operator closes a room, then the next tracker tells its members', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await stage.stopTracker();
  const closed = await admin(stage, 'close-room', 'lobby', '--reason', 'off topic');
  t.is(closed.code, 0, closed.errors);
  await stage.startTracker();
  const notice = { event: 'notice', type: 'RoomClosed', conversation: '#lobby', operator: true };
  for (const terminal of [alice, bob]) await terminal.expect({ ...notice, reason: 'off topic' }, 'the end');
});
