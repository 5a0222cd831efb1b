// The broker's supervisor: restarts it when it dies, first at once, then with increasing delays, until stopped. It does
// not know the configuration.
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { createBackoff } from '../../time/backoff.js';
import type { Clock, Schedule } from '../../time/clock.js';
import { delay } from '../../time/wait.js';
import type { Server, StartedServer } from './server.js';

export type BrokerEvent =
  | { readonly type: 'died'; readonly how: string }
  | { readonly type: 'restarted'; readonly pid: number }
  /** The broker keeps dying; it is still restarted every few seconds. */
  | { readonly type: 'failing'; readonly deaths: number; readonly how: string };

export interface SupervisorOptions {
  /** Starts the next run. */
  readonly begin: () => Promise<StartedServer>;
  readonly log: Log;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly onEvent: ((event: BrokerEvent) => void) | undefined;
}

export interface Supervisor {
  /** The pid of the running server; 0 while none is running. */
  pid(): number;
  /** Ends the current run and prevents further runs. */
  stop(): Promise<void>;
}

// After a run of this length, the count of deaths starts again.
const STABLE_MS = 30_000;
const FAILING_DEATHS = 5;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

export function supervise(
  first: Server,
  { begin, log, clock, schedule, onEvent }: SupervisorOptions,
): Supervisor {
  const backoff = createBackoff({ firstMs: FIRST_DELAY_MS, longestMs: MAX_DELAY_MS });
  const stopping = new AbortController();
  let current: Server | undefined = first;

  const keepRunning = async (): Promise<void> => {
    let deaths = 0;
    let startedAt = clock.now();
    let run: StartedServer = { ok: true, server: first };
    for (;;) {
      const how = run.ok ? await run.server.exited : `it did not start: ${run.reason}`;
      current = undefined;
      if (stopping.signal.aborted) return;
      if (clock.now() - startedAt >= STABLE_MS) {
        deaths = 0;
        backoff.reset();
      }
      deaths += 1;
      log.warn({ how, deaths }, 'the broker died; restarting it');
      onEvent?.({ type: 'died', how });
      if (deaths >= FAILING_DEATHS) {
        log.error(
          { how, deaths },
          'the broker keeps dying; it is restarted every few seconds; run `partyline doctor` to check the requirements',
        );
        onEvent?.({ type: 'failing', deaths, how });
      }
      // The first restart is immediate.
      const hasWaited = await delay(schedule, deaths === 1 ? 0 : backoff.next(), stopping.signal);
      if (!hasWaited) return;
      startedAt = clock.now();
      run = await attempt(begin);
      if (!run.ok) continue;
      current = run.server;
      if (stopping.signal.aborted) {
        await current.end();
        return;
      }
      log.info({ brokerPid: current.pid }, 'the broker runs again');
      onEvent?.({ type: 'restarted', pid: current.pid });
    }
  };

  const ended = keepRunning();
  return {
    pid: () => current?.pid ?? 0,
    stop: async () => {
      stopping.abort();
      await current?.end();
      await ended;
    },
  };
}

// An error such as a full disk or a missing binary counts as a failed start: the operator may repair it during the retries.
async function attempt(begin: () => Promise<StartedServer>): Promise<StartedServer> {
  try {
    return await begin();
  } catch (error) {
    return { ok: false, isPortTaken: false, reason: messageOf(error) };
  }
}
