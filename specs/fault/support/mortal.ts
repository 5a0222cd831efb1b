// The control of a mortal tracker from outside: start it, choose where it dies, start it again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

const PROGRAM = fileURLToPath(new URL('./mortal-tracker.js', import.meta.url));

export interface Mortal {
  /** Makes the tracker die at that point of the next request. With 0, or if the request has fewer points, it lives. */
  dieAt(point: number): Promise<void>;
  /** Resolves when the tracker is dead, with its last reported point. The text is empty if something else killed it. */
  readonly dead: Promise<string>;
  kill(): Promise<void>;
}

/** Resolves when the tracker serves requests. */
export async function startMortal(t: ExecutionContext, home: string, servers: string): Promise<Mortal> {
  const child = fork(PROGRAM, [home, servers], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('the tracker has no output');
  let place = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    place = line;
  });
  const dead = once(child, 'close').then(() => place);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await dead;
  };
  t.teardown(kill);
  const said = async (): Promise<void> => {
    const word = await Promise.race([once(child, 'message'), dead.then(() => null)]);
    if (word === null) throw new Error('the tracker ended unexpectedly');
  };
  await said();
  return {
    async dieAt(point) {
      child.send(point);
      await said();
    },
    dead,
    kill,
  };
}
