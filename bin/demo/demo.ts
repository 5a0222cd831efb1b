// `partyline demo`: the main job on one machine, unattended. A tracker and three terminals, each a process of its own,
// play a scene; it fails if anything expected does not arrive.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, OperatorError } from '../../core/errors.js';
import { type Child, startPartyline } from './child.js';
import { JsonTerminal } from './json-terminal.js';
import { playScene } from './scene.js';
import { seenLine, typedLine } from './transcript.js';
import { openWire } from './wire.js';

/** Plays the scene and prints its transcript; throws an `OperatorError` that says what was missing. */
export async function demo(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-demo-'));
  const cleanUp: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const { tracker, invite } = await startTracker(join(folder, 'tracker'));
    cleanUp.push(() => tracker.stop('SIGTERM'));
    print('A tracker serves in a folder of its own; three terminals start as processes of their own.\n');

    const broker = new URL(invite);
    const wire = await openWire(Number(broker.port));
    cleanUp.push(() => wire.close());
    broker.port = String(wire.port);
    const invites = { alice: invite, bob: invite, carol: broker.href };

    const open = (who: keyof typeof invites): JsonTerminal => {
      const terminal = new JsonTerminal({
        profile: who,
        home: join(folder, 'terminals'),
        invite: invites[who],
        onTyped: (line) => print(typedLine(who, line)),
        onEvent: (event) => {
          const line = seenLine(who, event);
          if (line !== null) print(line);
        },
      });
      cleanUp.push(() => terminal.kill());
      return terminal;
    };
    await playScene({ open, wire, narrate: (line) => print(`\n-- ${line}`) });
    print('\nEverything that was expected arrived.');
  } catch (thrown) {
    throw new OperatorError(
      `the demo failed: ${messageOf(thrown)}`,
      'Run `partyline doctor` to see whether this machine has what is needed.',
      { cause: thrown },
    );
  } finally {
    for (const step of cleanUp.toReversed()) await step();
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts a tracker as a process of its own, on any free port; resolves when it serves. */
export function startTracker(
  home: string,
  env: Readonly<Record<string, string>> = {},
  by: readonly string[] = [],
): Promise<{ readonly tracker: Child; readonly invite: string }> {
  return new Promise((resolve, reject) => {
    const tracker = startPartyline({
      by,
      env: { PARTYLINE_LOG_LEVEL: 'warn', ...env },
      args: ['up', '--headless', '--broker-port', '0', '--home', home],
      onLine: (line) => {
        const [word, invite] = line.split(' ');
        if (word === 'ready' && invite !== undefined) resolve({ tracker, invite });
      },
    });
    void tracker.ended.then(() => reject(new Error(`the tracker ended: ${tracker.errors.trim()}`)));
  });
}
