// The run of all specs: `node .ci/specs.mjs [parts|programs]`. It gathers spec files into batches and runs each batch in one
// process, because AVA's start and a file's imports take longer than the tests of most files. The tests of a batch run one after
// another, and several batches run at a time. Each batch leaves its report in dist/batches; the report of a failed one is printed.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SPECS = join(ROOT, 'dist', 'specs');
const BATCHES = join(ROOT, 'dist', 'batches');
const AVA = join(ROOT, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');

/** The largest number of files in a batch. Small batches share the processors evenly, large ones save starts. */
const MAX_FILES = { programs: 3, parts: 40 };
/** Batches wait at times for disks and other processes. One batch more than processors keeps the processors busy. */
const AT_ONCE = availableParallelism() + 1;
/** AVA ends a run without progress after 5 minutes (ava.config.js), but not if the process of the specs ended too early. */
const MAX_SILENCE_MS = 8 * 60_000;

/** Specs that start whole programs: trackers, brokers, terminals. The others are parts. */
const PROGRAMS = /^(actors\/two-trackers|(bin|fault)\/.*)\.spec\.js$/;
const STARTS_PROGRAMS =
  /\/(tracker-process|terminals\/dashboard|pty-terminal|plain-terminal|demo\/child)\.js'/;
/** A file that awaits at its top level declares its tests later than AVA allows in a batch. It runs alone. */
const AWAITS_AT_TOP = /^(?!.*\basync\b)\S.*\bawait\b/m;

/** The group of a file, and the batch to which it belongs before batches are divided: that of its two outermost folders. */
function placeOf(file) {
  const text = readFileSync(join(SPECS, file), 'utf8');
  const folders = file.split('/').slice(0, -1);
  const group = PROGRAMS.test(file) || STARTS_PROGRAMS.test(text) ? 'programs' : 'parts';
  if (AWAITS_AT_TOP.test(text)) return { group, area: file.replace('.spec.js', '').replaceAll('/', '-') };
  if (group === 'programs') return { group, area: group };
  return { group, area: folders.slice(0, 2).join('-') || 'specs' };
}

/** Groups that take long come first. */
const rank = ({ group }) => Object.keys(MAX_FILES).indexOf(group);

/** The batches of one group or of both, those that take long first. */
function batchesOf(wanted) {
  const areas = new Map();
  for (const entry of readdirSync(SPECS, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = entry.replaceAll(sep, '/');
    if (!file.endsWith('.spec.js')) continue;
    const { group, area } = placeOf(file);
    if (wanted !== undefined && group !== wanted) continue;
    const found = areas.get(area) ?? { group, files: [] };
    found.files.push(file);
    areas.set(area, found);
  }
  const batches = [...areas].flatMap(([area, { group, files }]) => {
    const count = Math.ceil(files.length / MAX_FILES[group]);
    // Files of one folder often take similar times, so they are dealt out.
    return Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? area : `${area}-${index + 1}`,
      group,
      files: files.filter((_file, place) => place % count === index),
    }));
  });
  return batches.sort((one, other) => rank(one) - rank(other) || other.files.length - one.files.length);
}

/** Runs one batch with AVA. Resolves with the exit code and the report. */
async function run({ name, files }) {
  const imports = files.map((file) => `import '../specs/${file}';\n`);
  writeFileSync(join(BATCHES, `${name}.spec.js`), imports.join(''));
  const child = spawn(process.execPath, [AVA, '--serial', '--no-color'], {
    cwd: ROOT,
    env: { ...process.env, BATCH: name },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let report = '';
  const end = () => {
    report += `\nEnded by .ci/specs.mjs: no output for ${MAX_SILENCE_MS / 60_000} minutes.\n`;
    child.kill('SIGKILL');
  };
  let silence = setTimeout(end, MAX_SILENCE_MS);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      report += text;
      clearTimeout(silence);
      silence = setTimeout(end, MAX_SILENCE_MS);
    });
  }
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearTimeout(silence);
  writeFileSync(join(BATCHES, `${name}.txt`), report);
  return { code, report };
}

const [wanted] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in MAX_FILES)) throw new Error(`there is no group "${wanted}"`);
rmSync(BATCHES, { recursive: true, force: true });
mkdirSync(BATCHES);
const batches = batchesOf(wanted);
const failed = [];
let passed = 0;
async function lane() {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const start = performance.now();
    const { code, report } = await run(batch);
    const lines = report.split('\n');
    const good = lines.filter((line) => /^\s*✔ /.test(line)).length;
    passed += good;
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    // A skipped test is reported too: those of specs/net say what they need.
    const isGreen = code === 0 && (good > 0 || lines.some((line) => /^\s*- \[skip\] /.test(line)));
    console.log(`${isGreen ? '✔' : '✘'} ${batch.name}: ${good} tests passed in ${seconds} s`);
    if (isGreen) continue;
    failed.push(batch.name);
    console.log(lines.filter((line) => !/^\s*✔ /.test(line)).join('\n'));
  }
}
const start = performance.now();
await Promise.all(Array.from({ length: AT_ONCE }, lane));
console.log(`\n${passed} tests passed in ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`);
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}; each report is in dist/batches.`);
process.exitCode = failed.length === 0 ? 0 : 1;
