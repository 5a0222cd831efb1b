// A fair queue for a few workers: it takes one job from each origin in turn, so that one origin cannot delay the others.
// It does not know what the work is.
import type { Clock } from '../../core/time/clock.js';

/** The queue cannot take the work now; a retry after `retryAfterMs` may succeed. */
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
  /** Runs `work` when its turn comes. Rejects with `HasherBusyError` if the queue is full or the wait is too long. */
  run<T>(origin: string, work: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  /** How many jobs run at once. */
  readonly workers: number;
  /** How many jobs may wait; one origin may use half of the places. */
  readonly maxQueue: number;
  /** The longest wait in the queue. Callers give up after this time. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface Job {
  readonly since: number;
  readonly start: () => Promise<void>;
  readonly refuse: (why: string) => void;
}

/** The assumed duration of a job until one was measured: bcrypt at its default cost. */
const ASSUMED_MS = 250;
const LEAST_RETRY_MS = 100;
/** The weight of the latest measurement in the moving average. */
const WEIGHT = 0.2;

export function createFairQueue({ workers, maxQueue, patienceMs, clock }: FairQueueOptions): FairQueue {
  const maxOfOrigin = Math.ceil(maxQueue / 2);
  /** The waiting jobs of each origin. The first origin is served next; no lane is empty. */
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

  function dropExpired(): void {
    const before = clock.now() - patienceMs;
    for (const [origin, lane] of lanes) {
      for (const job of lane.filter(({ since }) => since < before)) {
        remove(origin, lane, job);
        job.refuse('the password waited in the queue for too long');
      }
    }
  }

  /**
   * Frees a place for `origin` by refusing the newest job of the origin with the most jobs, if that origin has at least two more
   * jobs than `origin`.
   */
  function displace(origin: string): boolean {
    const own = lanes.get(origin)?.length ?? 0;
    const [longest] = [...lanes].sort(([, one], [, other]) => other.length - one.length);
    const last = longest?.[1].at(-1);
    if (longest === undefined || last === undefined || longest[1].length <= own + 1) return false;
    remove(...longest, last);
    last.refuse('the password queue is full for this origin');
    return true;
  }

  function next(): Job | null {
    dropExpired();
    const [first] = lanes;
    if (first === undefined) return null;
    const [origin, lane] = first;
    const [job] = lane;
    if (job === undefined) return null;
    // The origin moves to the end of the rotation.
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
        dropExpired();
        if ((lanes.get(origin)?.length ?? 0) >= maxOfOrigin) {
          return refuse('the password queue is full for this origin');
        }
        if (waiting >= maxQueue && !displace(origin)) return refuse('the password queue is full');
        const start = async (): Promise<void> => {
          const began = clock.now();
          // `start` never rejects: a failure goes to the caller of `run`.
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
