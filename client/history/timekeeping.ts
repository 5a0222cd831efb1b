// The adaptation of the history to the tracker's time. When the tracker has reported its time, it starts the arrival clock and
// moves messages with a timestamp in the future to where they arrived. It repeats this whenever the tracker's time is corrected.
import { MAX_LEAD_MS } from '../../core/protocol/message/hlc.js';
import type { TrackerClock } from '../time/tracker-clock.js';
import type { History } from './port.js';

export interface Timekeeping {
  /** Stores the time and corrects the order of messages. Resolves false if the tracker has not reported its time yet. */
  settle(): Promise<boolean>;
  close(): Promise<void>;
}

export function createTimekeeping(
  history: Pick<History, 'settleArrival' | 'placeFutureMessages'>,
  trackerClock: TrackerClock,
): Timekeeping {
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function settle(): Promise<boolean> {
    if (isClosed || trackerClock.state !== 'reported') return false;
    const trackerMs = trackerClock.now();
    await history.settleArrival({ machineMs: trackerClock.machine.now(), trackerMs });
    await history.placeFutureMessages(() => trackerClock.now() + MAX_LEAD_MS);
    return true;
  }

  const inTurn = (): Promise<boolean> => {
    const next = last.then(settle);
    // A failed call rejects its own promise; later calls still run.
    last = next.then(nothing, nothing);
    return next;
  };

  const follow = async (): Promise<void> => {
    await inTurn();
  };
  const stop = [trackerClock.events.on('settled', follow), trackerClock.events.on('moved', follow)];
  return {
    settle: inTurn,
    async close() {
      isClosed = true;
      for (const off of stop) off();
      await last;
    },
  };
}

const nothing = (): void => undefined;
