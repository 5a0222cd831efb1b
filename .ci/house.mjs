// Checks the shape of the source tree and prints it: `node .ci/house.mjs` lists files, median and longest file of each folder.
// It fails when a folder holds more than 15 files, a file reads the clock or sets a timer outside core/time/clock.ts, or a
// face parses with zod what this process made.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const FILES_PER_FOLDER = 15;
const ROOTS = ['core', 'screen', 'actors', 'client', 'admin', 'migrations', 'bin', 'bench', 'specs'];
/** Roots whose time comes in through the port. */
const TIMED = /^(core|screen|actors|client)\//;
const CLOCK = 'core/time/clock.ts';
const TIME =
  /\b(setTimeout|setInterval)\(|\bDate\.now\(|\bperformance\.now\(|\{[^}]*\bsetTimeout\b[^}]*\} from 'node:timers/;
const FACE = /^client\/(dashboard|plain|wording)\//;
/** Files of the user, and keys of the keyboard, are outside of the process. */
const FACE_MAY_PARSE = /^client\/dashboard\/input\/keys\//;

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...ROOTS], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => existsSync(file));
const faults = [];
const folders = new Map();
for (const file of sources) {
  const folder = dirname(file);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n').length - 1;
  folders.set(folder, [...(folders.get(folder) ?? []), lines]);
  if (!file.endsWith('.ts')) continue;
  if (TIMED.test(file) && file !== CLOCK && TIME.test(text))
    faults.push(`${file} does not use the clock port`);
  if (FACE.test(file) && !FACE_MAY_PARSE.test(file) && /from 'zod'/.test(text))
    faults.push(`${file} imports zod`);
}
for (const [folder, lengths] of [...folders].sort(([one], [other]) => one.localeCompare(other))) {
  const sorted = lengths.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (process.argv[2] !== '--quiet') {
    console.log(
      `${folder.padEnd(44)} ${String(sorted.length).padStart(3)} files, median ${String(median).padStart(3)}, longest ${String(sorted.at(-1)).padStart(3)} lines`,
    );
  }
  if (sorted.length > FILES_PER_FOLDER) faults.push(`${folder} holds ${sorted.length} files`);
}
for (const fault of faults) console.error(`house: ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
