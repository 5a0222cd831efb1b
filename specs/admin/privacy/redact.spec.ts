// The redaction of a home: what is gone from its files, and what stays provable.
import test from 'ava';
import type { AdminHome } from '../../../admin/home.js';
import { planRedaction } from '../../../admin/privacy/plan.js';
import type { RedactionRequest } from '../../../admin/privacy/redact.js';
import { checkpointOf, checkSince } from '../../../admin/proof/checkpoint.js';
import { rebuildHome } from '../../../admin/rebuild.js';
import { redactedName } from '../../../actors/projections/accounts.js';
import type { AccountCommand } from '../../../actors/account/commands.js';
import { createOperatorHost } from '../../../actors/host.js';
import { systemMetadata } from '../../../actors/system-command.js';
import { OperatorError } from '../../../core/errors.js';
import { readLogRows } from '../../../core/events/verification/log-reader.js';
import { lockHome } from '../../../core/home.js';
import { systemIds } from '../../../core/ids.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { temporaryFolder } from '../../support/folder.js';
import { newDeviceId } from '../../support/identities.js';
import { moderated } from '../histories.js';
import { allRows, inHome, storeHome } from '../archive/stored-home.js';
import { found, GONE, nothing, openScene, REASON, redactIn, verified } from './scene.js';

test('redact: given an account, when it is redacted, then no file of the home has anything personal of it, and the log stays provable', async (t) => {
  const { home, account } = await openScene(t);
  t.deepEqual((await found(home, GONE)).length, GONE.length, 'everything is there before');
  const before = await inHome(home, checkpointOf, 'change');

  const done = await redactIn(home, { subject: { kind: 'account', account } });
  t.deepEqual(await found(home, GONE), []);
  t.is(done.recorded, 1);
  t.like(done.rows, { login_failures: 2, whereabouts: 1, blocks: 1, stopped_streams: 1 });
  t.is(
    done.plan.kept.length,
    0,
    'names of rooms that only contain the name within a word are kept and not listed',
  );

  t.is(await verified(home), 'intact');
  t.regex(await inHome(home, (opened) => checkSince(opened, before), 'change'), /begins with/);
  t.regex(
    await inHome(home, (opened) => rebuildHome(opened, nothing), 'change'),
    /; 0 rows removed or added; .* correct; 0 snap/,
  );
  const rows = allRows(home);
  const own = (rows['accounts'] ?? []).find((row) => String(row).includes(account));
  t.like(JSON.parse(String(own)), { username: redactedName(account), folded: account, disabled_reason: '' });
  t.true(String(rows['credentials']).includes('friendhash'));
  t.regex(String(rows['receipts']), /third/);
  t.notRegex(String(rows['receipts']), /first|second/);
  const last = (await inHome(home, (opened) => readLogRows(opened.reader, { after: 0, limit: 1_000 }))).at(
    -1,
  );
  t.like(last, { type: 'PersonalDataRedacted', stream: `account-${account}` });
  t.deepEqual(JSON.parse(String(last?.['personal'])), { reason: REASON, by: 'root' });
  t.like(JSON.parse(String(last?.['payload'])), {
    isWhole: true,
    positions: done.plan.events.map(({ position }) => position),
  });

  const again = await redactIn(home, { subject: { kind: 'account', account } });
  t.is(again.recorded, 0, 'the second time nothing is left');
  t.deepEqual(allRows(home), rows);
});

test('redact: given an open room that is named after the account, when it is redacted, then the room keeps its name and is listed', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { account } = await fixture.enrolled('zelda');
  const friend = await fixture.enrolled('Friend');
  for (const name of ['zelda', 'Zelda']) {
    await fixture.ask.rooms(friend, { operation: 'CREATE', name });
    if (name === 'zelda') await fixture.ask.rooms(friend, { operation: 'QUIT', name });
  }
  const home = await storeHome(fixture, await temporaryFolder(t));
  const { plan } = await redactIn(home, { subject: { kind: 'account', account } });
  t.is(plan.kept.length, 1);
  t.deepEqual(await found(home, ['zelda']), ['tracker.db: zelda']);
  t.is(await verified(home), 'intact');
  await redactIn(home, {
    subject: { kind: 'positions', positions: plan.kept.map(({ position }) => position) },
  });
  t.deepEqual(await found(home, ['zelda']), []);
  t.is(await verified(home), 'intact');
});

test('redact: given random positions of random histories, when they are redacted, then log and tables are intact and their texts are gone', async (t) => {
  const seed = Number(process.env['SEED'] ?? 20);
  t.log(`seed ${seed}`);
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, seed, 250);
  const { account } = await fixture.enrolled('owner');
  for (const name of ['one', 'two', 'three']) {
    const device = newDeviceId();
    const operator = createOperatorHost({ store: fixture.store, clock: fixture.clock });
    const tell = (command: AccountCommand) =>
      operator.send({ kind: 'account', id: account, command, metadata: systemMetadata(systemIds) });
    await tell({ type: 'EnrolDevice', account, device, personal: { deviceName: name } });
    await tell({ type: 'RevokeAsOperator', account, device, personal: { reason: `lost ${name}` } });
    if (name !== 'three')
      await tell({ type: 'EnrolDevice', account, device, personal: { deviceName: `${name} again` } });
  }
  const home = await storeHome(fixture, await temporaryFolder(t));
  for (let round = 0; round < 6; round += 1) {
    const events = await inHome(home, personalEvents, 'change');
    const positions = events.filter((_, index) => (index * 7 + seed + round) % 5 === 0);
    if (positions.length === 0) continue;
    const { plan } = await redactIn(home, { subject: { kind: 'positions', positions }, reason: 'r' });
    t.deepEqual(
      plan.events.map(({ position }) => position),
      positions,
    );
    t.is(await verified(home), 'intact', `round ${round}`);
  }
});

async function personalEvents({ reader }: AdminHome): Promise<readonly number[]> {
  const where = [
    ['personal IS NOT ?', null],
    ['type <> ?', 'PersonalDataRedacted'],
  ] as const;
  return (await readLogRows(reader, { after: 0, limit: 10_000, where })).map(({ position }) =>
    Number(position),
  );
}

test('redact: given a running tracker, a reason with the text, or a wrong position, then it is refused and nothing changes', async (t) => {
  const { home, account } = await openScene(t);
  const rows = allRows(home);
  const refused = async (request: Partial<RedactionRequest>, message: RegExp): Promise<void> => {
    await t.throwsAsync(redactIn(home, request), { instanceOf: OperatorError, message });
    t.deepEqual(allRows(home), rows);
  };
  const subject = { kind: 'account', account } as const;
  await refused({ subject, reason: 'zelda asked for it' }, /contains a text that the redaction removes/);
  await refused({ subject, by: 'Zelda' }, /contains a text that the redaction removes/);
  await refused({ subject: { kind: 'positions', positions: [1, 100_000] } }, /no event at position 100000/);
  const joined = await inHome(home, async ({ reader }) => {
    const [row] = await readLogRows(reader, { after: 0, limit: 1, where: [['type = ?', 'MemberJoined']] });
    return Number(row?.['position']);
  });
  await refused({ subject: { kind: 'positions', positions: [joined] } }, /never had a personal part/);
  const lock = await lockHome(home);
  await refused({ subject }, /a tracker runs on the home .* \(pid \d+\)/);
  await lock.release();
  const plan = await inHome(home, ({ reader }) => planRedaction(reader, subject));
  t.deepEqual(new Set(plan.names), new Set(['Quuxine', 'Zelda']));
  t.deepEqual(allRows(home), rows);
});
