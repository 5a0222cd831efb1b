import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { openShadow } from '../../../../core/events/derived/shadow.js';
import { type Verification, verifyLog } from '../../../../core/events/verification/verification.js';
import { counted, throwDice } from '../../../fault/support/seeded-random.js';
import { temporaryFolder } from '../../../support/folder.js';
import { append, event, isHeadSigned } from '../samples.js';
import { seededNumbers, tamper } from '../tampering.js';
import { openEngine } from '../temporary.js';

const TAMPERINGS = counted('TAMPERINGS', { usual: 120, soak: 500 });
const { seed: SEED } = throwDice();

const LONGEST_MS = 300_000;

const STREAMS = 5;
const APPENDS = 40;
const EVENTS = 2 * APPENDS;

/** A file with a log of 80 events in five streams, half of them with a personal part. No other process has it open. */
async function logFile(t: ExecutionContext): Promise<string> {
  const { store, file } = await openEngine(t);
  for (let count = 0; count < APPENDS; count += 1) {
    const events = [event('One'), event('Two', { personal: { name: `Änn ${count}` } })];
    await store.append(append(`stream-${count % STREAMS}`, 2 * Math.floor(count / STREAMS), { events }));
  }
  const copy = join(await temporaryFolder(t), 'tracker.db');
  const database = new Libsql(file);
  database.prepare('VACUUM INTO ?').run([copy]);
  database.close();
  return copy;
}

async function verified(file: string): Promise<Verification> {
  const shadow = openShadow({ file, tables: [], forWriting: false });
  try {
    return await verifyLog({ shadow, projections: [], isHeadSigned, onProgress: () => undefined });
  } finally {
    shadow.close();
  }
}

function change(file: string, ...statements: readonly string[]): void {
  const database = new Libsql(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}

test('verification: an untouched log is intact, and the result says how much was verified', async (t) => {
  const file = await logFile(t);
  t.like(await verified(file), { kind: 'intact', head: { position: EVENTS }, streams: STREAMS, redacted: 0 });
});

test('verification: an empty log is intact', async (t) => {
  const { file } = await openEngine(t);
  t.like(await verified(file), { kind: 'intact', head: { position: 0 } });
});

test(`verification: given one of ${TAMPERINGS} tamperings, then it is found at its position`, async (t) => {
  t.timeout(LONGEST_MS);
  t.log(`seed ${SEED}`);
  const pristine = await logFile(t);
  const file = join(await temporaryFolder(t), 'tampered.db');
  const pick = seededNumbers(SEED);
  for (let count = 0; count < TAMPERINGS; count += 1) {
    await copyFile(pristine, file);
    const { what, position } = tamper(file, EVENTS, pick);
    t.like(await verified(file), { kind: 'broken', position }, `seed ${SEED}, tampering ${count}: ${what}`);
  }
});

test('verification: given a redacted event, then the log is intact and the redaction is counted', async (t) => {
  const file = await logFile(t);
  change(file, 'UPDATE events SET personal = NULL, salt = NULL WHERE position = 4');
  t.like(await verified(file), { kind: 'intact', redacted: 1 });
});

const heads = [
  ['its signature differs', "UPDATE log_head SET signature = 'forged'", EVENTS],
  ['its position differs', 'UPDATE log_head SET position = position + 1', EVENTS],
  ['it is missing', 'DELETE FROM log_head', EVENTS],
  ['it is text that is not UTF-8', "UPDATE log_head SET hash = CAST(x'ff' AS TEXT)", EVENTS],
] as const;

for (const [how, statement, position] of heads) {
  test(`verification: given the signed head, when ${how}, then the log is not verified`, async (t) => {
    const file = await logFile(t);
    change(file, statement);
    t.like(await verified(file), { kind: 'broken', position });
  });
}

const strange = [
  ['a position that is text', "position = 'three'"],
  ['a position before the first', 'position = 0'],
  ['a fraction for a position', 'position = 2.5'],
  ['text that is not UTF-8', "payload = CAST(x'7bff7d' AS TEXT)"],
  ['text after a NUL', "payload = CAST(payload || x'00' || 'more' AS TEXT)"],
  ['bytes instead of text', 'hash = CAST(hash AS BLOB)'],
  ['a number too large to be exact', 'version = 9007199254740993'],
] as const;

for (const [what, assignment] of strange) {
  test(`verification: given a row with ${what}, then it is found and nothing else happens`, async (t) => {
    const file = await logFile(t);
    change(file, `UPDATE events SET ${assignment} WHERE position = 3`);
    t.like(await verified(file), { kind: 'broken', position: assignment === 'position = 0' ? 1 : 3 });
  });
}

// Only an outside anchor can detect this, as docs/how-to/look-at-the-log.md explains.
test('verification: given an older copy of the whole file, then it cannot be detected', async (t) => {
  const { store, file } = await openEngine(t);
  await store.append(append('a', 0));
  const older = join(await temporaryFolder(t), 'tracker.db');
  change(file, `VACUUM INTO '${older}'`);
  await store.append(append('a', 1));
  t.like(await verified(older), { kind: 'intact', head: { position: 1 } });
});
