import test, { type ExecutionContext } from 'ava';
import { ownerOf } from '../../actors/passwords/table.js';
import { disableAccount, enableAccount } from '../../admin/disabling.js';
import { entryText } from '../../admin/log/entry.js';
import { createNames } from '../../admin/subject/names.js';
import { verifyHome } from '../../admin/verify.js';
import { OperatorError } from '../../core/errors.js';
import { systemIds } from '../../core/ids.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { type TrackerFixture, openTrackerFixture } from '../actors/tracker-fixture.js';
import { homeOf } from './histories.js';
import { isApplicable } from '../../core/events/event.js';

const partsOf = (t: ExecutionContext, fixture: TrackerFixture) => {
  const { clock } = fixture;
  return { home: homeOf(t, fixture), migrations: trackerMigrations, clock, ids: systemIds };
};

test('disable: given a running tracker, when an account is disabled, then the events are in the log and the tracker applies them', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const phone = await fixture.another(ann);
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  const parts = partsOf(t, fixture);
  const done = await disableAccount(parts, { whom: 'ANN', reason: 'sold her keyboard' });
  t.regex(done.sentence, /^Ann is disabled; terminals to log out: 2, rooms to leave: 1 /);
  const events = (await fixture.store.readAll({ fromPosition: 5, limit: 10 })).filter(isApplicable);
  t.deepEqual(
    events.map(({ type }) => type),
    ['AccountDisabled', 'DeviceRevoked', 'DeviceRevoked'],
  );
  t.deepEqual(events[0]?.personal, { reason: 'sold her keyboard' });
  for (const { metadata } of events) {
    t.like(metadata, {
      account: null,
      device: null,
      command: { type: 'DisableAccount', account: ann.account },
    });
    t.false(JSON.stringify(metadata).includes('keyboard'), 'the reason is personal');
  }
  const [event] = events;
  if (event === undefined) throw new Error('there is an event');
  t.regex(await entryText(event, createNames(parts.home.reader)), /by the operator/);

  // The tracker's actor has the state before the new events, and must load them before it answers.
  t.is(
    (await fixture.ask.account(phone, { operation: 'RENAME', username: 'Anna' })).phrase,
    'ACCOUNT_DISABLED',
  );
  t.like(await fixture.directory.account(ann.account), {
    disabledPosition: 5,
    disabledReason: 'sold her keyboard',
  });
  t.is(
    (await disableAccount(parts, { whom: ann.account, reason: '' })).sentence,
    'Ann is already disabled; nothing was changed',
  );
  const { writeConnection } = fixture.database;
  await writeConnection.run('INSERT INTO credentials (owner, secret) VALUES (?, ?)', [
    ownerOf(ann.account),
    'hash',
  ]);
  t.regex((await enableAccount(parts, { whom: 'ann', reason: '' })).sentence, /^Ann can log in again/);
  t.is(
    (await enableAccount(parts, { whom: 'ann', reason: '' })).sentence,
    'Ann is not disabled; nothing was changed',
  );
  t.like(await fixture.directory.account(ann.account), { disabledPosition: null, disabledReason: null });
  await disableAccount(parts, { whom: 'ann', reason: '' });
  await writeConnection.run('DELETE FROM credentials WHERE owner = ?', [ownerOf(ann.account)]);
  t.regex(
    (await enableAccount(parts, { whom: 'ann', reason: '' })).sentence,
    /^Ann is enabled, but nobody can log in to it/,
  );
  t.like(await verifyHome(parts.home, () => undefined), { kind: 'intact' });
});

test('disable: given an unknown name or id, then the command fails and nothing is changed', async (t) => {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  const { position } = await fixture.store.head();
  const parts = partsOf(t, fixture);
  for (const whom of ['ben', systemIds.next()]) {
    const expected = { instanceOf: OperatorError, message: `no account has or had the name or id ${whom}` };
    await t.throwsAsync(disableAccount(parts, { whom, reason: '' }), expected);
    await t.throwsAsync(enableAccount(parts, { whom, reason: '' }), expected);
  }
  t.is((await fixture.store.head()).position, position);
});

test('disable: given a database that another process has locked, then the command fails and changes nothing', async (t) => {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  const { position } = await fixture.store.head();
  await fixture.database.writeConnection.begin();
  await t.throwsAsync(disableAccount(partsOf(t, fixture), { whom: 'ann', reason: '' }), {
    instanceOf: OperatorError,
    message: /nothing was changed/,
  });
  await fixture.database.writeConnection.rollback();
  t.is((await fixture.store.head()).position, position);
});

test('disable: given a dry run and reasons, then a dry run changes nothing, and both events have their reason', async (t) => {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  const parts = partsOf(t, fixture);
  const { position } = await fixture.store.head();
  const planned = await disableAccount(parts, { whom: 'ann', reason: 'spam', isDryRun: true });
  t.deepEqual(
    planned.administered.events.map(({ type }) => type),
    ['AccountDisabled', 'DeviceRevoked'],
  );
  t.is((await fixture.store.head()).position, position);
  await disableAccount(parts, { whom: 'ann', reason: 'spam' });
  await enableAccount(parts, { whom: 'ann', reason: 'she apologised', isDryRun: true });
  const { administered } = await enableAccount(parts, { whom: 'ann', reason: 'she apologised' });
  t.like(administered.events, [
    { type: 'AccountEnabled', schemaVersion: 2, personal: { reason: 'she apologised' } },
  ]);
  await disableAccount(parts, { whom: 'ann', reason: '' });
  const without = await enableAccount(parts, { whom: 'ann', reason: '' });
  t.like(without.administered.events, [{ type: 'AccountEnabled', personal: null }]);
  t.like(await verifyHome(parts.home, () => undefined), { kind: 'intact' });
});
