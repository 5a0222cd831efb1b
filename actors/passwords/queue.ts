// Work that waits for one of a few workers, taken from each origin in turn, so that nobody's much is another's delay.
// It knows not what the work is.
import type { Clock } from '../../core/time/clock.js';

/** There is more to do than can be taken on; it may be different after `retryAfterMs`. */
export class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';

  constructor(
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

export interface FairQueue {
  /** Does `work` in its turn; rejects with `HasherBusyError` if there is no room, or if its turn comes too late. */
  run<T>(origin: string, work: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  /** How much is worked on at once. */
  readonly workers: number;
  /** How much may wait; half of it from one origin. */
  readonly maxQueue: number;
  /** After how long in the queue nobody waits for the answer any more. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface Job {
  readonly since: number;
  readonly start: () => Promise<void>;
  readonly refuse: (why: string) => void;
}

/** Until one was measured: bcrypt at its usual cost. */
const ASSUMED_MS = 250;
const LEAST_RETRY_MS = 100;
/** What the latest measurement counts against those before. */
const WEIGHT = 0.2;

export function createFairQueue({ workers, maxQueue, patienceMs, clock }: FairQueueOptions): FairQueue {
  const maxOfOrigin = Math.ceil(maxQueue / 2);
  /** The first origin is the next in turn; no lane is empty. */
  const lanes = new Map<string, Job[]>();
  let waiting = 0;
  let working = 0;
  let usualMs = ASSUMED_MS;

  const retryAfterMs = (): number =>
    Math.max(LEAST_RETRY_MS, Math.ceil((usualMs * (waiting + working)) / workers));

  function remove(origin: string, lane: Job[], job: Job): void {
    lane.splice(lane.indexOf(job), 1);
    if (lane.length === 0) lanes.delete(origin);
    waiting -= 1;
  }

  function dropHopeless(): void {
    const before = clock.now() - patienceMs;
    for (const [origin, lane] of lanes) {
      for (const job of lane.filter(({ since }) => since < before)) {
        remove(origin, lane, job);
        job.refuse('a password has waited for so long that nobody waits for its answer');
      }
    }
  }

  /** Makes room for `origin` if another takes up more of the queue: its latest goes. */
  function displace(origin: string): boolean {
    const own = lanes.get(origin)?.length ?? 0;
    const [longest] = [...lanes].sort(([, one], [, other]) => other.length - one.length);
    const last = longest?.[1].at(-1);
    if (longest === undefined || last === undefined || longest[1].length <= own + 1) return false;
    remove(...longest, last);
    last.refuse('others wait for their passwords, too');
    return true;
  }

  function next(): Job | null {
    dropHopeless();
    const [first] = lanes;
    if (first === undefined) return null;
    const [origin, lane] = first;
    const [job] = lane;
    if (job === undefined) return null;
    // To the end of the turn, if there is more.
    lanes.delete(origin);
    lanes.set(origin, lane);
    remove(origin, lane, job);
    return job;
  }

  function fill(): void {
    while (working < workers) {
      const job = next();
      if (job === null) return;
      working += 1;
      void job.start().finally(() => {
        working -= 1;
        fill();
      });
    }
  }

  return {
    run: (origin, work) =>
      new Promise((resolve, reject) => {
        const refuse = (why: string): void => reject(new HasherBusyError(why, retryAfterMs()));
        dropHopeless();
        if ((lanes.get(origin)?.length ?? 0) >= maxOfOrigin) {
          return refuse('too many passwords of one origin wait to be checked');
        }
        if (waiting >= maxQueue && !displace(origin)) return refuse('too many passwords wait to be checked');
        const start = async (): Promise<void> => {
          const began = clock.now();
          // Never rejects: what went wrong is the answer.
          try {
            resolve(await work());
          } catch (thrown) {
            reject(thrown);
          }
          usualMs += WEIGHT * (clock.now() - began - usualMs);
        };
        const lane = lanes.get(origin) ?? [];
        lane.push({ since: clock.now(), start, refuse });
        lanes.set(origin, lane);
        waiting += 1;
        fill();
      }),
  };
}
