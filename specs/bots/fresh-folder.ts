// A fresh folder beside a copy of Partyline as npm packs it, without a network. The copy uses the dependencies of this repository.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/folder.js';
import type { Keeper } from '../support/keeper.js';
import { until } from '../support/until.js';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const runFile = promisify(execFile);

/** A program that was started in a folder. It is killed with the spec. */
export interface Program {
  /** The lines of its output and its errors so far. */
  readonly lines: readonly string[];
  sees(line: string): Promise<unknown>;
  /** Asks it to stop. Resolves with its exit code. */
  interrupt(): Promise<number | null>;
}

export interface FreshFolder {
  /** The folder that holds `partyline` and whatever the lines make. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a line of a shell. A `cd` in it holds for the next line. */
  run(line: string): Promise<void>;
  /** Starts a line of a shell with one program. */
  start(line: string): Program;
  /** Writes a file into the present folder. */
  write(name: string, text: string): Promise<string>;
}

export async function openFreshFolder(t: Keeper): Promise<FreshFolder> {
  const folder = await temporaryFolder(t);
  const env = {
    ...process.env,
    npm_config_offline: 'true',
    npm_config_ignore_scripts: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_cache: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data'),
  };
  let at = folder;
  const sh = async (line: string): Promise<string> =>
    (await runFile('/bin/sh', ['-ec', line], { cwd: at, env })).stdout;
  const packed = (await sh(`npm pack --silent "${root}"`)).trim();
  await mkdir(join(folder, 'partyline'));
  await sh(`tar -xzf "${packed}" --strip-components=1 -C partyline`);
  await symlink(join(root, 'node_modules'), join(folder, 'partyline', 'node_modules'));
  return {
    folder,
    env,
    async run(line) {
      const shown = await sh(`${line}\npwd`);
      at = shown.trim().split('\n').at(-1) ?? at;
    },
    start: (line) => startProgram(t, line, at, env),
    async write(name, text) {
      const file = join(at, name);
      await writeFile(file, text);
      return file;
    },
  };
}

export function startProgram(t: Keeper, line: string, cwd: string, env: NodeJS.ProcessEnv): Program {
  // The program takes the place of the shell, so signals reach it.
  const child = spawn('/bin/sh', ['-c', `exec env ${line}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => lines.push(text));
  }
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    lines,
    sees: (line) =>
      until(
        () => {
          if (child.exitCode !== null) throw new Error(`the program ended: ${lines.join('\n')}`);
          return lines.includes(line);
        },
        `the program prints "${line}"; it printed ${lines.join('\n')}`,
      ),
    async interrupt() {
      child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}
