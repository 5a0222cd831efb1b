// A network in memory between two devices, for specs: each of its carriers can fall silent. Its time passes only when the spec lets it.
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Carrier, CarrierKind, Incoming } from '../../../client/links/carrier.js';
import { FULL_SIZE_BYTES } from '../../../client/links/limits.js';
import { createTime } from '../../support/time.js';
import { type Device, keyPairInOrder, startDevice } from './device.js';

const STEP_MS = 100;
const TURNS_PER_STEP = 8;
const CANDIDATE = { ip: '192.0.2.1', port: 1 };

export interface Network {
  /** The device that dials. */
  readonly ann: Device;
  readonly ben: Device;
  /** Lets time pass in small steps, so that handshakes end in time. */
  readonly pass: (ms: number) => Promise<void>;
  /** Holds back everything on these carriers, including new connections, until they are restored. */
  readonly silence: (...kinds: readonly CarrierKind[]) => void;
  readonly restore: (...kinds: readonly CarrierKind[]) => void;
  /** Calls `act` once, before the next full-size packet on this carrier. */
  readonly beforeFullSize: (kind: CarrierKind, act: () => void) => void;
  /** Sets whether the relay's server answers from now on; null: there is no connection to the server. */
  readonly answer: (isAnswering: boolean | null) => void;
  readonly introduce: () => void;
}

/** Two devices with these carriers, preferred ones first, that are not introduced to each other yet. */
export async function openNetwork(t: ExecutionContext, kinds: readonly CarrierKind[]): Promise<Network> {
  const time = createTime();
  const lines = new Map(kinds.map((kind) => [kind, createLine()]));
  let isAnswering: boolean | null = true;

  const carrierOf = (kind: CarrierKind, line: Line, side: 'near' | 'far'): Carrier => ({
    kind,
    async listen(onIncoming) {
      if (side === 'far') line.onIncoming = onIncoming;
    },
    addresses: () => [],
    routes: () => [{ to: kind, connect: (signal) => line.connect(signal) }],
    ...(kind === 'relay' && {
      askServer: () =>
        isAnswering === null
          ? null
          : isAnswering
            ? Promise.resolve(true)
            : new Promise<boolean>(() => undefined),
    }),
    close: async () => undefined,
  });
  const carriersOf = (side: 'near' | 'far'): readonly Carrier[] =>
    [...lines].map(([kind, line]) => carrierOf(kind, line, side));
  const each = (which: readonly CarrierKind[], act: (line: Line) => void): void => {
    for (const [kind, line] of lines) if (which.includes(kind)) act(line);
  };

  const [dialling, waiting] = keyPairInOrder();
  const ann = await startDevice(t, dialling, carriersOf('near'), time.schedule, time);
  const ben = await startDevice(t, waiting, carriersOf('far'), time.schedule, time);
  // Runs before the devices close, because each close waits until its leave notice is sent.
  t.teardown(() => each(kinds, (line) => line.restore()));
  return {
    ann,
    ben,
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        await time.pass(Math.min(STEP_MS, ms - passed));
        for (let turn = 0; turn < TURNS_PER_STEP; turn += 1) await nextTurn();
      }
    },
    silence: (...which) => each(which, (line) => line.silence()),
    restore: (...which) => each(which, (line) => line.restore()),
    beforeFullSize(kind, act) {
      const line = lines.get(kind);
      if (line !== undefined) line.beforeFullSize = act;
    },
    answer(next) {
      isAnswering = next;
    },
    introduce() {
      const candidates = Object.fromEntries(kinds.map((kind) => [kind, [CANDIDATE]]));
      for (const [one, other] of [
        [ben, ann],
        [ann, ben],
      ] as const)
        one.links.introduce({ id: other.id, publicKey: other.key.publicKey, candidates });
    },
  };
}

interface Line {
  onIncoming: Incoming | null;
  beforeFullSize: (() => void) | null;
  connect(signal: AbortSignal): Promise<Duplex>;
  silence(): void;
  restore(): void;
}

function createLine(): Line {
  let held: (() => void)[] | null = null;
  // Nothing arrives within the call that sends it, as on a real network.
  const deliver = (work: () => void): void => void setImmediate(arrive, work);
  const arrive = (work: () => void): void => {
    if (held === null) work();
    else held.push(work);
  };
  const line: Line = {
    onIncoming: null,
    beforeFullSize: null,
    connect: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        deliver(() => {
          if (signal.aborted) return;
          const [near, far] = pairOf(deliver, (chunk) => {
            if (chunk.length < FULL_SIZE_BYTES) return;
            const act = line.beforeFullSize;
            line.beforeFullSize = null;
            act?.();
          });
          line.onIncoming?.(far, 'memory', 'ann');
          resolve(near);
        });
      }),
    silence() {
      held ??= [];
    },
    restore() {
      const waiting = held ?? [];
      held = null;
      for (const work of waiting) work();
    },
  };
  return line;
}

/**
 * The two ends of a stream. `deliver` carries everything between them, bytes as well as closes. `onChunk` is called before each
 * chunk.
 */
function pairOf(
  deliver: (work: () => void) => void,
  onChunk: (chunk: Buffer) => void,
): readonly [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const endOf = (own: number): Duplex => {
    const other = (act: (end: Duplex) => void): void =>
      deliver(() => {
        const end = ends[1 - own];
        if (end !== undefined && !end.destroyed) act(end);
      });
    return new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        const copy = Buffer.from(chunk);
        onChunk(copy);
        other((end) => end.push(copy));
        done();
      },
      final(done) {
        other((end) => end.push(null));
        done();
      },
      destroy(error, done) {
        other((end) => end.destroy());
        done(error);
      },
    });
  };
  ends.push(endOf(0), endOf(1));
  const [near, far] = ends;
  if (near === undefined || far === undefined) throw new Error('a stream has two ends');
  return [near, far];
}
