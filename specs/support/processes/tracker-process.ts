// A real tracker and real terminals for one spec, each in its own process, in a folder that is deleted with the spec.
import { join } from 'node:path';
import { type Child, startPartyline } from '../../../bin/children/partyline.js';
import { startTracker } from '../../../bin/demo/demo.js';
import { JsonTerminal, type JsonTerminalOptions } from '../../../bin/demo/json-terminal.js';
import { PASSWORD } from '../device.js';
import { temporaryFolder } from '../folder.js';
import type { Keeper } from '../keeper.js';

export interface Stage {
  readonly folder: string;
  /** The tracker's home. */
  readonly home: string;
  readonly invite: string;
  /** The tracker that runs now. */
  readonly tracker: () => Child;
  /** Starts a terminal. The same profile gives the same identity. */
  terminal(profile: string, options?: Partial<JsonTerminalOptions>): JsonTerminal;
  /** Stops the tracker and its broker. */
  stopTracker(): Promise<void>;
  /** Starts a tracker on the same home. */
  startTracker(): Promise<void>;
  /** Kills the tracker as a power failure would and starts it again. */
  crashTracker(): Promise<void>;
}

/** Cheap password hashing: its cost does not matter in these specs. */
const CHEAP = { PARTYLINE_BCRYPT_COST: '10' };

type Environment = Readonly<Record<string, string>>;

/** @param settings environment variables added for the tracker; `ofTerminals` are added for every terminal. */
export async function openStage(
  t: Keeper,
  settings: Environment = {},
  ofTerminals: Environment = {},
): Promise<Stage> {
  const env = { ...CHEAP, ...settings };
  const folder = await temporaryFolder(t);
  const home = join(folder, 'tracker');
  let { tracker, invite } = await startTracker(home, env);
  t.teardown(() => tracker.stop('SIGTERM'));
  const start = async (): Promise<void> => {
    ({ tracker, invite } = await startTracker(home, env));
  };
  return {
    folder,
    home,
    invite,
    tracker: () => tracker,
    terminal(profile, options = {}) {
      const terminals = { home: join(folder, 'terminals'), invite };
      const env = { ...ofTerminals, ...options.env };
      const terminal = new JsonTerminal({ profile, ...terminals, ...options, env });
      t.teardown(() => terminal.kill());
      return terminal;
    },
    async stopTracker() {
      await tracker.stop('SIGTERM');
    },
    startTracker: start,
    async crashTracker() {
      await tracker.stop('SIGKILL');
      await start();
    },
  };
}

/** Runs a command until it exits. */
export async function run(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly code: number | null; readonly lines: readonly string[]; readonly errors: string }> {
  const lines: string[] = [];
  const child = startPartyline({ args, onLine: (line) => lines.push(line), env: options.env ?? {} });
  if (options.input !== undefined) child.write(options.input);
  child.end();
  return { code: await child.ended, lines, errors: child.errors };
}

/** Registers two people in one room with a direct link. Returns their terminals. */
export async function twoInLobby(
  stage: Stage,
): Promise<{ readonly alice: JsonTerminal; readonly bob: JsonTerminal }> {
  const alice = stage.terminal('alice');
  const bob = stage.terminal('bob');
  await alice.type(`/register alice ${PASSWORD}`);
  await bob.type(`/register bob ${PASSWORD}`);
  await alice.type('/create lobby');
  await bob.type('/join lobby');
  await alice.expect({ event: 'link', peer: 'bob', state: 'open' }, 'the link to bob');
  await bob.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to alice');
  return { alice, bob };
}
