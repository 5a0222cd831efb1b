// The time from a line typed at one terminal to the line shown at another terminal, next to a bare TCP line between two
// processes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonFaces } from '../chats/json-face.js';
import { type Figure, milliseconds, quantile, times } from '../figures.js';
import { startTrackerProcess } from '../tracker-process.js';
import { openTcpLine } from './tcp-line.js';

const WARM_UP = 100;
const MESSAGES = 1_000;

export async function benchMessages(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const bare = await overTcp(null);
  const stored = await overTcp(folder);
  await rm(folder, { recursive: true, force: true });
  const linked = await betweenTerminals();
  return [0.5, 0.99].map((q) => ({
    what: `line typed to line shown, one at a time, p${100 * q}`,
    measured: milliseconds(quantile(linked, q)),
    limit: [
      `${milliseconds(quantile(bare, q))} stdin to TCP to stdout`,
      `${milliseconds(quantile(stored, q))} stored at both ends`,
    ].join('; '),
    ratio: `${times(quantile(linked, q), quantile(stored, q))} that of stored lines`,
  }));
}

/** The receiving side; `onText` is called for each line. */
interface Screen {
  onText: (text: string) => void;
}

/** Sends lines one after the other and measures the time until each is shown. */
async function timed(send: (text: string) => unknown, screen: Screen): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let number = 0; number < WARM_UP + MESSAGES; number++) {
    const text = `message ${number}`;
    const start = performance.now();
    const shown = new Promise<void>((resolve) => {
      screen.onText = (seen) => {
        if (seen === text) resolve();
      };
    });
    const sent = send(text);
    await shown;
    if (number >= WARM_UP) samples.push(performance.now() - start);
    await sent;
  }
  return samples;
}

async function overTcp(folder: string | null): Promise<readonly number[]> {
  const line = await openTcpLine(folder);
  const screen: Screen = { onText: () => undefined };
  line.onText((text) => screen.onText(text));
  const samples = await timed((text) => line.write(text), screen);
  await line.close();
  return samples;
}

async function betweenTerminals(): Promise<readonly number[]> {
  const trackerProcess = await startTrackerProcess({ PARTYLINE_BCRYPT_COST: '10' });
  const chat = await openJsonFaces(trackerProcess);
  const screen: Screen = { onText: () => undefined };
  chat.onRead((text) => screen.onText(text));
  const samples = await timed((text) => chat.type(text), screen);
  await chat.close();
  await trackerProcess.close();
  return samples;
}
