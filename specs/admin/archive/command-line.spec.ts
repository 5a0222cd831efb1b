// `partyline admin export` and `admin import` as programs.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../support/folder.js';
import { run } from '../../support/processes/tracker-process.js';
import { allRows, openStoredHome } from './stored-home.js';

test('archive: given a home, when it is exported and imported by commands, then the output names what is missing and both logs end alike', async (t) => {
  const home = await openStoredHome(t, 20);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'log.jsonl.gz');
  const exported = await run(['admin', 'export', file, '--home', home]);
  t.is(exported.code, 0, exported.errors);
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.regex(exported.lines[1] ?? '', /^the log ends at position \d+, hash [0-9a-f]{64}$/);
  t.regex(exported.lines[2] ?? '', /no passwords or keys/);

  const target = join(folder, 'home');
  const imported = await run(['admin', 'import', file, '--home', target]);
  t.is(imported.code, 0, imported.errors);
  t.is(imported.lines[1], exported.lines[1]);
  const said = imported.lines.join('\n');
  for (const missing of [
    /new ones: users need a new invite/,
    /nobody can log in with a password/,
    /addresses of devices/,
  ]) {
    t.regex(said, missing);
  }
  t.deepEqual(allRows(target)['events'], allRows(home)['events']);
  t.deepEqual((await readdir(target)).toSorted(), ['keys.json', 'tracker.db']);

  const printed = await run(['admin', 'export', '-', '--home', home]);
  t.is(printed.code, 0, printed.errors);
  t.true(printed.lines.length > 20);
  t.regex(printed.lines.at(-1) ?? '', /^\{"end":/);
  const secrets = await run(['admin', 'export', '-', '--with-secrets', '--home', home]);
  t.is(secrets.code, 1);
  t.regex(secrets.errors, /secrets are not written to standard output/);
});

test('redact: given a home, then the command shows what would go, needs a reason, and reports what it removed', async (t) => {
  const home = await openStoredHome(t, 20);
  const ofAccount = ['admin', 'redact', '--account', 'person-1', '--home', home];
  const rows = allRows(home);
  const shown = await run([...ofAccount, '--dry-run']);
  t.is(shown.code, 0, shown.errors);
  t.regex(shown.lines.join('\n'), /AccountRegistered .* personal {"username":"person-1"}/);
  t.regex(shown.lines.join('\n'), /would remove the personal parts of \d+ events; nothing was changed/);
  t.regex((await run(ofAccount)).errors, /a redaction needs a reason/);
  t.regex(
    (await run(['admin', 'redact', '--reason', 'x', '--home', home])).errors,
    /neither events nor an account is named/,
  );
  t.deepEqual(allRows(home), rows);
  const done = await run([...ofAccount, '--reason', 'request 1', '--by', 'root', '--json']);
  t.is(done.code, 0, done.errors);
  t.like(JSON.parse(done.lines[0] ?? ''), { format: 'redact/1', dryRun: false, recorded: 1 });
  const verified = await run(['admin', 'verify', '--home', home]);
  t.is(verified.code, 0, verified.errors);
});
