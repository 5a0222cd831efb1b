// The history's part in a corrected clock: as soon as the tracker has told its time, the arrival clock starts and messages from
// the future get their place. It is repeated whenever the time has moved.
import { MAX_LEAD_MS } from '../../core/protocol/message/hlc.js';
import type { TrackerClock } from '../time/tracker-clock.js';
import type { History } from './port.js';

export interface Timekeeping {
  /** Stores the time and repairs the order; resolves false if the tracker has not told its time yet. */
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
    if (isClosed || trackerClock.state !== 'told') return false;
    const trackerMs = trackerClock.now();
    await history.settleArrival({ machineMs: trackerClock.machine.now(), trackerMs });
    await history.placeFutureMessages(() => trackerClock.now() + MAX_LEAD_MS);
    return true;
  }

  const inTurn = (): Promise<boolean> => {
    const next = last.then(settle);
    // A failure goes to the caller only.
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
