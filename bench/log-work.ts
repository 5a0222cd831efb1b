// One pass over a home's log, such as a raw scan, a replay or an import. It runs in a separate process, so that its memory can be
// measured.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { z } from 'zod';
import { exportLog } from '../admin/archive/export.js';
import { importLog } from '../admin/archive/import.js';
import { writeNewFile } from '../admin/archive/write.js';
import { type AdminHome, type HomeOptions, withHome } from '../admin/home.js';
import { createLook } from '../admin/look.js';
import { rebuildHome } from '../admin/rebuild.js';
import { rehearsalError } from '../admin/rehearsal/text.js';
import { rehearse as rehearseLog } from '../admin/rehearsal/rehearse.js';
import { createReplay } from '../admin/replay/replay.js';
import { verificationError, verifyHome } from '../admin/verify.js';
import { readTiles, wrongTile } from '../core/events/verification/tree-check.js';
import { readLogHead } from '../core/events/verification/log-reader.js';
import { trackerMigrations } from '../migrations/tracker/all.js';
import { startProgram } from './partner.js';

const workSchema = z.object({ wallMs: z.number(), cpuMs: z.number(), peakBytes: z.number() });
export type Work = z.infer<typeof workSchema>;

const works = { scan, replay, rehearse, rebuild, verify, tree, export: exportHome, import: importHome };
export type WorkName = keyof typeof works;

/** Runs a pass in a separate process; the start of the process is not measured. */
export async function doWork(name: WorkName, home: string): Promise<Work> {
  const worker = await startProgram(fileURLToPath(import.meta.url), name, home);
  await worker.end();
  return workSchema.parse(JSON.parse(worker.firstLine));
}

const BATCH = 1_000;

/** The cost that every pass has: all rows are read and their JSON is parsed. */
async function scan(home: string): Promise<void> {
  const database = new Database(join(home, 'tracker.db'));
  const select = database.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?');
  const rowsSchema = z.array(z.object({ position: z.number(), payload: z.string(), metadata: z.string() }));
  for (let after = 0; ; ) {
    // The driver types rows as unknown; parsing them with a schema would distort the measurement.
    const rows = select.all([after, BATCH]) as z.infer<typeof rowsSchema>;
    for (const { payload, metadata } of rows) {
      JSON.parse(payload);
      JSON.parse(metadata);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.position;
  }
  database.close();
}

async function replay(home: string): Promise<void> {
  await administered(home, 'look', async ({ reader }) => {
    const replayed = createReplay(createLook(reader), null, { after: 0, upTo: Number.POSITIVE_INFINITY });
    for await (const _ of replayed.slices());
  });
}

async function rehearse(home: string): Promise<void> {
  const rehearsal = await administered(home, 'look', ({ reader }) =>
    rehearseLog(reader, Number.POSITIVE_INFINITY, () => undefined),
  );
  const error = rehearsalError(rehearsal);
  if (error !== null) throw error;
}

const exportIn = (home: string): string => join(home, 'export.jsonl');

async function exportHome(home: string): Promise<void> {
  await rm(exportIn(home), { force: true });
  await administered(home, 'look', async (admin) => {
    const { text } = await exportLog(admin, { withSecrets: true, onProgress: () => undefined });
    await writeNewFile(exportIn(home), text);
  });
}

/** Needs the file of an export. */
async function importHome(home: string): Promise<void> {
  const imported = join(home, 'imported');
  await rm(imported, { recursive: true, force: true });
  await importLog({
    file: exportIn(home),
    home: imported,
    keys: null,
    isCopy: false,
    migrations: trackerMigrations,
    onProgress: () => undefined,
  });
}

/** The part of a verification that checks the Merkle tree. */
async function tree(home: string): Promise<void> {
  await administered(home, 'look', async ({ reader }) => {
    const size = Number((await readLogHead(reader))?.['position']);
    const wrong = await wrongTile(reader, await readTiles(reader), size);
    if (wrong !== null) throw new Error(`a tile ${wrong.problem}`);
  });
}

async function rebuild(home: string): Promise<void> {
  await administered(home, 'change', (admin) => rebuildHome(admin, () => undefined));
}

async function verify(home: string): Promise<void> {
  const result = await administered(home, 'look', (admin) => verifyHome(admin, () => undefined));
  const error = verificationError(result);
  if (error !== null) throw error;
}

export function administered<T>(
  home: string,
  access: HomeOptions['access'],
  work: (admin: AdminHome) => Promise<T>,
): Promise<T> {
  const migrations = trackerMigrations.map((migration) => new migration().name ?? migration.name);
  return withHome({ home, migrations, access }, work);
}

const KIB = 1_024;

const [, program, name = '', home = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  const names: readonly string[] = Object.keys(works);
  const work = z.custom<WorkName>((value) => names.some((one) => one === value)).parse(name);
  const start = performance.now();
  const before = process.cpuUsage();
  await works[work](home);
  const { user, system } = process.cpuUsage(before);
  const done: Work = {
    wallMs: performance.now() - start,
    cpuMs: (user + system) / 1_000,
    peakBytes: process.resourceUsage().maxRSS * KIB,
  };
  process.stdout.write(`${JSON.stringify(done)}\n`);
  // Keeps the process alive. Its parent reads the result and then ends it.
  process.stdin.resume();
}
