import test from 'ava';
import { verificationError, verificationText, verifyHome } from '../../admin/verify.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { homeOf, live } from './histories.js';

const nothing = (): void => undefined;

test('verify: given an intact home, then the output lists the proven facts and ends with those that cannot be proven', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 1, 60);
  const result = await verifyHome(homeOf(t, fixture), nothing);
  t.is(verificationError(result), null);
  const lines = verificationText(result);
  t.regex(lines.join('\n'), /invitations: equal to the log/);
  t.regex(lines.at(-1) ?? '', /^Not verifiable/);
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
    t.regex(verificationText(result).at(-1) ?? '', /^Not verifiable/);
  });
}

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
