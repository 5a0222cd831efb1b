// The export of a home and the import of it into an empty one.
import { appendFile, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { cloudEventsText, exportLog } from '../../../admin/archive/export.js';
import { type ImportOptions, importLog } from '../../../admin/archive/import.js';
import { secretTables, stateTables } from '../../../admin/archive/format.js';
import { derivedTables } from '../../../actors/projections/derived.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import { engineTables } from '../../../core/events/sql/tables.js';
import { writeNewFile } from '../../../admin/archive/write.js';
import { checkpointOf } from '../../../admin/proof/checkpoint.js';
import { verifyHome } from '../../../admin/verify.js';
import { OperatorError } from '../../../core/errors.js';
import { temporaryFolder } from '../../support/folder.js';
import { allRows, change, inHome, migrations, openStoredHome } from './stored-home.js';

const nothing = () => undefined;

const exportTo = (home: string, file: string, withSecrets: boolean): Promise<void> =>
  inHome(home, async (opened) => {
    const { text } = await exportLog(opened, { withSecrets, onProgress: nothing });
    await writeNewFile(file, text);
  });

const importFrom = (file: string, home: string, more: Partial<ImportOptions> = {}) =>
  importLog({ file, home, keys: null, isCopy: false, migrations, onProgress: nothing, ...more });

const filesIn = async (folder: string): Promise<readonly string[]> => (await readdir(folder)).toSorted();

for (const name of ['log.jsonl', 'log.jsonl.gz']) {
  test(`archive: given an export with secrets to ${name}, when it is imported, then head, checkpoint and all rows are equal`, async (t) => {
    const home = await openStoredHome(t, 60, 600);
    const folder = await temporaryFolder(t);
    const file = join(folder, name);
    await exportTo(home, file, true);
    t.is((await stat(file)).mode & 0o777, 0o600);
    const imported = await importFrom(file, join(folder, 'home'));

    t.like(imported, { hasKeys: true, hasSecrets: true, identity: 'ab'.repeat(16) });
    const rows = allRows(home);
    t.deepEqual(allRows(imported.folder), rows);
    const kept = [
      'events',
      'credentials',
      'reservations',
      'receipts',
      'whereabouts',
      'login_failures',
      'log_tree',
    ];
    for (const table of kept) t.true((rows[table] ?? []).length > 0, `${table} has rows`);
    t.is(await inHome(imported.folder, checkpointOf), await inHome(home, checkpointOf));
    t.is((await inHome(imported.folder, (opened) => verifyHome(opened, nothing))).kind, 'intact');
    t.deepEqual(await filesIn(folder), ['home', name]);
    const again = join(folder, `again-${name}`);
    await exportTo(imported.folder, again, true);
    t.deepEqual(await readFile(again), await readFile(file), 'the export of the import is the same file');
  });
}

test('archive: given an export without secrets, when it is imported with and without keys, then only the secrets are missing', async (t) => {
  const home = await openStoredHome(t, 60);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'log.jsonl');
  await exportTo(home, file, false);
  const text = await readFile(file, 'utf8');
  const secret = (JSON.parse(await readFile(join(home, 'keys.json'), 'utf8')) as { signing: string }).signing;
  t.false(text.includes(secret));
  t.false(text.includes('198.51.100.7'));
  t.regex(text, /^[\x20-\x7e\n]*$/, 'a terminal can show it');

  const keys = join(home, 'keys.json');
  const withKeys = await importFrom(file, join(folder, 'with-keys'), { keys });
  t.like(withKeys, { hasKeys: true, hasSecrets: false });
  t.is(await inHome(withKeys.folder, checkpointOf), await inHome(home, checkpointOf));
  const empty = { credentials: [], login_failures: [], whereabouts: [] };
  t.deepEqual(allRows(withKeys.folder), { ...allRows(home), ...empty });

  const without = await importFrom(file, join(folder, 'without-keys'), { isCopy: true });
  t.like(without, { hasKeys: false, identity: null });
  t.is((await inHome(without.folder, (opened) => verifyHome(opened, nothing))).kind, 'intact');
  t.deepEqual(allRows(without.folder)['log_identity'], []);
  const foreign = join(without.folder, 'keys.json');
  await t.throwsAsync(importFrom(file, join(folder, 'other'), { keys: foreign }), {
    instanceOf: OperatorError,
    message: /was not made by the tracker that has these keys/,
  });
});

test('archive: given a home with files, when a log is imported there, then it is refused and nothing changes', async (t) => {
  const home = await openStoredHome(t, 20);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'log.jsonl');
  await exportTo(home, file, false);
  await mkdir(join(folder, 'full'));
  await writeFile(join(folder, 'full', 'note'), 'mine');
  await t.throwsAsync(importFrom(file, join(folder, 'full')), { message: /is not empty/ });
  t.deepEqual(await filesIn(join(folder, 'full')), ['note']);
  await t.throwsAsync(exportTo(home, file, false), { message: /cannot be written: it exists already/ });
  t.deepEqual(await filesIn(folder), ['full', 'log.jsonl']);
});

/** Each function changes the lines of an export. It returns the line number and the reason that the error must name. */
type Change = (lines: string[]) => readonly [line: number, reason: RegExp];

const edit = (lines: string[], index: number, from: string | RegExp, to: string): void => {
  lines[index] = lines[index]?.replace(from, to) ?? '';
};
const eventAt = (lines: readonly string[], place: number): number =>
  lines.findIndex((line) => line.startsWith('{"event":')) + place;

const changes: Readonly<Record<string, Change>> = {
  'a changed payload': (lines) => {
    const index = eventAt(lines, 20);
    edit(lines, index, '"payload":"{', '"payload":"{ ');
    return [index + 1, /its hash does not match/];
  },
  'a changed name': (lines) => {
    const index = lines.findIndex((line) => line.includes('person-3'));
    edit(lines, index, 'person-3', 'person-9');
    return [index + 1, /its personal part does not match its digest|its digest does not match its row/];
  },
  'a removed personal part': (lines) => {
    const index = eventAt(lines, 0);
    edit(lines, index, /"personal":"(?:[^"\\]|\\.)*","salt":"[^"]*"/, '"personal":null,"salt":null');
    return [lines.length - 1, /its digest does not match the lines before it/];
  },
  'a removed event': (lines) => {
    const index = eventAt(lines, 7);
    lines.splice(index, 1);
    return [index + 1, /position 9 appears instead of 8/];
  },
  'two swapped events': (lines) => {
    const index = eventAt(lines, 9);
    lines.splice(index, 2, lines[index + 1] ?? '', lines[index] ?? '');
    return [index + 1, /position 11 appears instead of 10/];
  },
  'a changed row of a table': (lines) => {
    const index = lines.findIndex((line) => line.includes('"table":"blocks"'));
    edit(lines, index, '"since":4', '"since":5');
    return [index + 1, /its digest does not match its row/];
  },
  'a removed row of a table': (lines) => {
    const index = lines.findIndex((line) => line.includes('"table":"reservations"'));
    lines.splice(index, 1);
    return [index + 1, /its digest does not match its row/];
  },
  'an added column': (lines) => {
    const index = eventAt(lines, 3);
    edit(lines, index, '{"event":{', '{"event":{"extra":1,');
    return [index + 1, /its row is not the row of an event/];
  },
  'a line that is not JSON': (lines) => {
    const index = eventAt(lines, 3);
    lines[index] = '{"event":{"position":';
    return [index + 1, /it is not JSON/];
  },
  'a line of another kind': (lines) => {
    lines.splice(5, 0, '{"hello":1}');
    return [6, /it is not a line of an export/];
  },
  'a missing last line': (lines) => {
    lines.splice(-2, 1);
    return [lines.length - 1, /the file ends here without the line that ends an export/];
  },
  'a cut last line': (lines) => {
    lines.pop();
    edit(lines, lines.length - 1, /.{20}$/, '');
    return [lines.length, /the file ends in the middle of this line/];
  },
  'a line after the last': (lines) => {
    lines.splice(-1, 0, '{"event":{}}');
    return [lines.length - 1, /it comes after the line that ends the export/];
  },
  'a changed head': (lines) => {
    edit(lines, 0, /"position":\d+/, '"position":3');
    return [1, /the head is not signed by the key of the header/];
  },
  'a changed root': (lines) => {
    edit(lines, 0, /"root":"[0-9a-f]{64}"/, `"root":"${'0'.repeat(64)}"`);
    return [2, /its digest does not match its row and the rows before it/];
  },
  'another file': (lines) => {
    lines.splice(0, lines.length, '{"name":"package"}', '');
    return [1, /it is not the first line of an exported log/];
  },
};

test('archive: given an export that was changed, when it is imported, then the line and the reason are named and there is no home', async (t) => {
  const home = await openStoredHome(t, 60);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'log.jsonl');
  await exportTo(home, file, true);
  const original = await readFile(file, 'utf8');
  for (const [name, apply] of Object.entries(changes)) {
    const lines = original.split('\n');
    const [line, reason] = apply(lines);
    const changed = lines.join('\n');
    t.not(changed, original, name);
    await writeFile(file, changed);
    const error = await t.throwsAsync(
      importFrom(file, join(folder, 'home')),
      { instanceOf: OperatorError },
      name,
    );
    t.true(
      error.message.startsWith(`line ${line} of ${file} is not as it was written: `),
      `${name}: ${error.message}`,
    );
    t.regex(error.message, reason, name);
    t.deepEqual(await filesIn(folder), ['log.jsonl'], name);
  }
});

test('archive: given bytes that are not text and a cut compressed file, when they are imported, then they are refused', async (t) => {
  const home = await openStoredHome(t, 20);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'log.jsonl.gz');
  await exportTo(home, file, false);
  const bytes = await readFile(file);
  const cut = join(folder, 'cut.gz');
  await writeFile(cut, bytes.subarray(0, bytes.length - 40));
  await refused(t, cut, /its compressed data is cut or damaged/);
  const binary = join(folder, 'binary.jsonl');
  await writeFile(binary, gunzipSync(bytes).subarray(0, 500));
  await appendFile(binary, Buffer.of(0xff, 0x0a));
  await refused(t, binary, /^line 2 of .*: it is not text$/);
  await refused(t, join(folder, 'none.jsonl'), /cannot be read: the file or its folder does not exist/);
  await writeFile(join(folder, 'empty.jsonl'), '');
  await refused(t, join(folder, 'empty.jsonl'), /the file is empty/);
});

async function refused(t: ExecutionContext, file: string, message: RegExp): Promise<void> {
  await t.throwsAsync(importFrom(file, `${file}.home`), { instanceOf: OperatorError, message });
}

test('archive: given a log that was changed, when it is exported, then the position is named and there is no file', async (t) => {
  const home = await openStoredHome(t, 20);
  const folder = await temporaryFolder(t);
  change(home, ["UPDATE events SET payload = payload || ' ' WHERE position = 5"]);
  await t.throwsAsync(exportTo(home, join(folder, 'log.jsonl'), false), {
    instanceOf: OperatorError,
    message: /the log was changed from position 5 on/,
  });
  t.deepEqual(await filesIn(folder), []);
});

test('archive: given an export, then no file of the home changes', async (t) => {
  const home = await openStoredHome(t, 20);
  const copy = await temporaryFolder(t);
  for (const name of await readdir(home)) await copyFile(join(home, name), join(copy, name));
  await exportTo(home, join(copy, 'log.jsonl'), true);
  t.deepEqual(
    await filesIn(home),
    (await filesIn(copy)).filter((name) => name !== 'log.jsonl'),
  );
  for (const name of await readdir(home))
    t.deepEqual(await readFile(join(home, name)), await readFile(join(copy, name)));
});

test('archive: given an export of CloudEvents, then each line is one, none has names, and its import is refused', async (t) => {
  const home = await openStoredHome(t, 60);
  const folder = await temporaryFolder(t);
  const file = join(folder, 'events.jsonl');
  await inHome(home, (opened) => writeNewFile(file, cloudEventsText(opened, nothing)));
  const text = await readFile(file, 'utf8');
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.is(events.length, allRows(home)['events']?.length ?? 0);
  for (const [index, event] of events.entries()) {
    t.like(event, { specversion: '1.0', source: '/partyline/tracker', position: String(index + 1) });
  }
  t.false(text.includes('person-'));
  await t.throwsAsync(importFrom(file, join(folder, 'home')), {
    instanceOf: OperatorError,
    message: /contains CloudEvents/,
  });
});

test('archive: each table of a home is exported, derived from the events, in the header, or a cache', (t) => {
  const exported = [...stateTables, ...secretTables].map(({ name }) => name);
  const others = ['events', 'log_head', 'log_identity', 'log_tree', 'snapshots', ...derivedTables];
  const all = [...engineTables, ...trackerTables].map(({ name }) => name);
  t.deepEqual([...exported, ...others].toSorted(), all.toSorted());
});
