// `partyline demo`: the main use on one machine, unattended. A tracker and three terminals, each in its own process, play a
// scene. It fails if an expected event does not arrive.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, OperatorError } from '../../core/errors.js';
import { createShutdownStack } from '../../core/shutdown-stack.js';
import { type Child, startPartyline } from '../children/partyline.js';
import { JsonTerminal } from './json-terminal.js';
import { playScene } from './scene.js';
import { whenAskedToStop, whenOutputCloses } from '../signals.js';
import { seenLine, typedLine } from './transcript.js';
import { openWire } from './wire.js';

/** Plays the scene and prints its transcript. Throws an `OperatorError` that names the missing event. */
export async function demo(): Promise<void> {
  const stopped = whenStopped();
  const folder = await mkdtemp(join(tmpdir(), 'partyline-demo-'));
  const shutdown = createShutdownStack();
  shutdown.add(() => rm(folder, { recursive: true, force: true }));
  try {
    const { tracker, invite } = await startTracker(join(folder, 'tracker'));
    shutdown.add(async () => void (await tracker.stop('SIGTERM')));
    print('A tracker runs in a folder of its own; three terminals start as separate processes.\n');

    const broker = new URL(invite);
    const wire = await openWire(Number(broker.port));
    shutdown.add(() => wire.close());
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
      shutdown.add(() => terminal.kill());
      return terminal;
    };
    const scene = playScene({ open, wire, narrate: (line) => print(`\n-- ${line}`) });
    const why = await Promise.race([scene, stopped]);
    if (why !== undefined)
      throw new OperatorError(`the demo was stopped: ${why}`, 'Start it again to see the rest.');
    print('\nEverything that was expected arrived.');
  } catch (thrown) {
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `the demo failed: ${messageOf(thrown)}`,
      'Run `partyline doctor` to check whether this machine has everything it needs.',
      { cause: thrown },
    );
  } finally {
    await shutdown.close();
  }
}

/** Resolves with the reason when the demo is asked to stop before its end. */
async function whenStopped(): Promise<string> {
  const closed = whenOutputCloses().then(() => 'its output was closed');
  const asked = whenAskedToStop().then((signal) => `it was stopped by ${signal}`);
  return Promise.race([closed, asked]);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts a tracker as its own process on any free port. Resolves when the tracker is ready. */
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
