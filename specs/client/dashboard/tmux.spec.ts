// The dashboard within a real tmux, where one is installed: tmux decides the columns of characters by tables of its own.
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { openStage } from '../../support/processes/tracker-process.js';
import { dashboardArgs } from '../../support/terminals/dashboard.js';
import { PASSWORD } from '../../support/device.js';
import { until } from '../../support/until.js';

const PROGRAM = fileURLToPath(new URL('../../../../bin/partyline.js', import.meta.url));
const run = promisify(execFile);

/** Text symbols with U+FE0F, Thai and Devanagari vowels, emoji of several characters and wide letters. tmux 3.3 cuts a longer emoji. */
const SAMPLES = ['❤️x⚠️x☺️x✔️x', 'กำxน้ำxที่xเป็น', 'किxक्षिxहिन्दी', '👍🏽x👩‍👧x日本x'] as const;

/** The screen without the status bar, whose time and round trip change. */
const stable = (shown: string): string => shown.replace(/^.*● online.*$/m, '');

const isInstalled = spawnSync('tmux', ['-V']).status === 0;
if (!isInstalled) {
  test('tmux: tmux is not installed here, so the dashboard was not tried in it', (t) => t.pass());
} else {
  test('tmux: given text symbols, vowel signs and emoji, then a redraw changes nothing, and no letter is left over', async (t) => {
    const stage = await openStage(t);
    const socket = `partyline-${process.pid}`;
    const tmux = async (...args: readonly string[]): Promise<string> => {
      const { stdout } = await run('tmux', ['-L', socket, '-f', '/dev/null', ...args]);
      return stdout;
    };
    t.teardown(() => tmux('kill-server').catch(() => undefined));
    const environment = ['-e', 'LC_ALL=C.UTF-8'];
    const size = ['-x', '80', '-y', '24'];
    const command = [process.execPath, PROGRAM, ...dashboardArgs(stage, 'alice')];
    await tmux('-u', 'new-session', '-d', ...size, ...environment, ...command);
    const screen = (): Promise<string> => tmux('capture-pane', '-p');
    const shows = async (text: string | RegExp): Promise<void> => {
      const isShown = async (): Promise<boolean> => {
        const shown = await screen();
        return typeof text === 'string' ? shown.includes(text) : text.test(shown);
      };
      try {
        await until(isShown, String(text));
      } catch (cause) {
        throw new Error(`tmux does not show ${String(text)}; it shows:\n${await screen()}`, { cause });
      }
    };
    // Types the line and Enter at once, unlike a person.
    const enter = (line: string): Promise<string> => tmux('send-keys', line, 'Enter');
    await shows('Welcome to Partyline');
    await enter('alice');
    await enter(PASSWORD);
    await shows('● online');
    await enter('/create lobby');
    await shows('created the room');
    for (const [number, sample] of SAMPLES.entries()) {
      await enter(`${sample} end${number}`);
      await shows(new RegExp(`│ .*end${number}`));
    }
    await shows(/#lobby>\s*$/m);
    const before = stable(await screen());
    await tmux('send-keys', 'C-l');
    await tmux('send-keys', 'z');
    await shows('#lobby> z');
    await tmux('send-keys', 'BSpace');
    await shows(/#lobby>\s*$/m);
    t.is(stable(await screen()), before);
    for (const [number, sample] of SAMPLES.entries())
      t.true(before.includes(`${sample} end${number}`), `${sample}:\n${before}`);
  });
}
