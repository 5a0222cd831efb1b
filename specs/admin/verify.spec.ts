import test from 'ava';
import { verificationError, verificationText, verifyHome } from '../../admin/verify.js';
import type { IntegrationCommand } from '../../actors/integration/commands.js';
import { operatorMetadata } from '../../actors/operator.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { integrationKeySchema, integrationNameSchema } from '../../core/bus/integration/scope.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { homeOf, live, moderated } from './histories.js';
import { projectedTables } from '../../actors/projections/tables.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { quarantine } from '../../admin/quarantine/quarantine.js';
import { systemIds } from '../../core/ids.js';
import { event } from '../core/events/samples.js';
import { appendUnreadable } from './quarantine/scene.js';

const nothing = (): void => undefined;

test('verify: given an intact home, then the output lists the proven facts and ends with those that cannot be proven', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 1, 60);
  const result = await verifyHome(homeOf(t, fixture), nothing);
  t.is(verificationError(result), null);
  const lines = verificationText(result);
  t.regex(lines.join('\n'), /invitations, integrations, integration_keys: equal to the log/);
  t.regex(lines.at(-1) ?? '', /^This command cannot detect/);
});

const tamperings = [
  ["UPDATE accounts SET username = 'x' || username", /accounts.*has username x\S+ but the log has/],
  [
    "UPDATE accounts SET username = CAST(x'ff' AS TEXT) WHERE folded = 'person-0'",
    /has username bytes that are not text/,
  ],
  ["UPDATE rooms SET topic = 'evil\u001b[31m'", /rooms.*has topic evil\[31m but the log has $/],
  ['UPDATE memberships SET is_admin = NOT is_admin', /memberships.*has is_admin [01] but/],
  [
    'UPDATE memberships SET left_version = 99 WHERE left_version IS NULL',
    /has left_version 99 but the log has NULL/,
  ],
  ["DELETE FROM accounts WHERE folded = 'person-3'", /accounts.*is missing/],
  [
    "INSERT INTO devices (device, account, enrolled_at, name) VALUES ('forged', 'a', 1, 'x')",
    /row device forged is not in the log/,
  ],
] as const;

for (const [statement, message] of tamperings) {
  test(`verify: given tables changed by ${JSON.stringify(statement)}, then the first changed row is named`, async (t) => {
    const fixture = await openTrackerFixture(t);
    await live(fixture, 2, 60);
    await fixture.writer.write((sql) => sql.run(statement));
    const result = await verifyHome(homeOf(t, fixture), nothing);
    t.is(result.kind, 'different');
    t.regex(verificationError(result)?.message ?? '', message);
    t.regex(verificationText(result).at(-1) ?? '', /^This command cannot detect/);
  });
}

/** A change of one column of each derived table. */
const CHANGES: Readonly<Record<(typeof projectedTables)[number]['name'], string>> = {
  accounts: 'named_at = named_at + 1',
  devices: 'enrolled_at = enrolled_at - 1',
  revocations: 'void_until = 0',
  rooms: "successor = 'nobody'",
  memberships: 'admin_version = COALESCE(admin_version, 0) + 1',
  bans: 'banned_at = 0',
  invitations: 'version = version + 1',
  quarantined_events: "reason = 'another'",
  integrations: 'granted_at = granted_at + 1',
  integration_keys: 'void_until = 0',
};

const grant = (name: string): IntegrationCommand => ({
  type: 'GrantIntegration',
  name: integrationNameSchema.parse(name),
  from: 1,
  key: integrationKeySchema.parse(createNKey('user').publicKey),
  scopes: ['events:rooms'],
  rooms: [],
  issuedAt: 0,
  expiresAt: null,
  personal: { reason: 'spec' },
});

test('verify: given a row of any derived table that was changed or deleted, then the row is named, and a rebuild repairs it', async (t) => {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, 11, 250);
  const guest = await fixture.enrolled('guest');
  await fixture.ask.rooms(guest, { operation: 'CREATE', name: 'parlour' });
  for (const username of ['one', 'two']) {
    await fixture.enrolled(username);
    await fixture.ask.rooms(guest, { operation: 'INVITE', name: 'parlour', username, reason: '' });
  }
  for (const device of [await fixture.another(guest), await fixture.another(guest)]) {
    await fixture.ask.account(device, { operation: 'LOGOUT' });
  }
  for (const id of ['counter', 'sink']) {
    await fixture.host.send({
      kind: 'integration',
      id,
      command: grant(id),
      metadata: operatorMetadata(systemIds),
    });
  }
  const home = homeOf(t, fixture);
  for (const stream of [`account-${guest.account}`, 'quarantine-1']) {
    const position = await appendUnreadable(fixture, stream, event('SomethingNew'));
    const request = { position, isRelease: false, reason: 'it is new', isDryRun: false };
    await quarantine({ home, clock: fixture.clock, ids: systemIds, onProgress: nothing }, request);
  }
  const error = async (): Promise<string> =>
    verificationError(await verifyHome(home, nothing))?.message ?? 'intact';
  t.is(await error(), 'intact');
  for (const { name } of projectedTables) {
    const first = `rowid = (SELECT MIN(rowid) FROM ${name})`;
    const last = `rowid = (SELECT MAX(rowid) FROM ${name})`;
    t.true((await home.reader.all(`SELECT 1 FROM ${name}`)).length > 1, name);
    for (const [statement, expected] of [
      [
        `UPDATE ${name} SET ${CHANGES[name]} WHERE ${first}`,
        `the table ${name} differs from the log: its row .* has .* but the log has`,
      ],
      [`DELETE FROM ${name} WHERE ${last}`, `the table ${name} differs from the log: its row .* is missing`],
    ] as const) {
      t.is(await fixture.writer.write((sql) => sql.run(statement)), 1, statement);
      t.regex(await error(), new RegExp(expected), statement);
      await rebuildHome(home, nothing);
      t.is(await error(), 'intact', statement);
    }
  }
});

test('verify: given redacted personal data, then the name that is still in the tables is reported', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 3, 10);
  const redact =
    "UPDATE events SET personal = NULL, salt = NULL WHERE type = 'AccountRegistered' AND position = 1";
  await fixture.writer.write((sql) => sql.run(redact));
  const result = await verifyHome(homeOf(t, fixture), nothing);
  t.regex(verificationError(result)?.message ?? '', /has username person-0 but the log has redacted/);
});

test('verify: given a damaged event, then the error names its position and the output says how many events were checked', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 4, 20);
  await fixture.writer.write((sql) => sql.run('UPDATE events SET version = 7 WHERE position = 11'));
  const result = await verifyHome(homeOf(t, fixture), nothing);
  t.regex(verificationError(result)?.message ?? '', /from position 11 on: its hash/);
  t.regex(verificationText(result).join('\n'), /10 checked/);
});
