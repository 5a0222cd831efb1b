// Programs that start child programs: no child remains running, however its parent ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { temporaryFolder } from '../../support/folder.js';
import { createMark } from '../../support/processes/marked.js';
import { until } from '../../support/until.js';

const test = process.platform === 'linux' ? anyTest.serial : anyTest.serial.skip;

const programs = {
  'the demo': [fileURLToPath(new URL('../../../../bin/partyline.js', import.meta.url)), 'demo'],
  'a benchmark': [fileURLToPath(new URL('../../../bench/main.js', import.meta.url)), 'messages'],
  'a spec': [fileURLToPath(new URL('../../support/processes/hold-stage.js', import.meta.url))],
} as const;

const cuts: readonly (readonly [keyof typeof programs, 'a closed output' | NodeJS.Signals])[] = [
  ['the demo', 'a closed output'],
  ['the demo', 'SIGTERM'],
  ['the demo', 'SIGKILL'],
  ['a benchmark', 'SIGINT'],
  ['a benchmark', 'SIGKILL'],
  ['a spec', 'SIGKILL'],
];

for (const [program, cut] of cuts) {
  test(`children: given ${program} with a tracker and terminals, when ${cut} ends it, then its tracker, broker and terminals end too`, async (t) => {
    t.timeout(180_000);
    const mark = createMark();
    const TMPDIR = await temporaryFolder(t);
    const child = spawn(process.execPath, [...programs[program]], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...mark.env, TMPDIR },
    });
    t.teardown(async () => {
      for (const pid of (await mark.processes()).keys()) process.kill(pid, 'SIGKILL');
    });
    const gone = once(child, 'exit');
    await until(async () => {
      const lines = [...(await mark.processes()).values()];
      return ['up --headless', 'nats-server', 'chat --json'].every((part) =>
        lines.some((line) => line.includes(part)),
      );
    }, 'a tracker, a broker and a terminal');
    if (cut === 'a closed output') child.stdout.destroy();
    else child.kill(cut);
    const [code] = await gone;
    t.not(code, 0);
    await until(async () => (await mark.processes()).size === 0, 'the end of all its processes');
    if (program === 'the demo' && cut !== 'SIGKILL') t.deepEqual(await readdir(TMPDIR), []);
  });
}
