// Whether the connection still leads to the broker, when there is reason to doubt it: its silence alone tells much later.
import { BusError } from '../../../core/bus/connection/failure.js';
import type { Log } from '../../../core/log.js';
import type { Gate } from './gate.js';
import { pause, type Timers } from '../timers.js';

const PATIENCE_MS = 1_000;

/** Connects anew if the broker does not answer in a second; whether it did. */
export async function recheck(gate: Gate, timers: Timers, log: Log): Promise<boolean> {
  const { passage } = gate;
  if (passage === null) return false;
  const { bus } = passage;
  const isAnswered = new AbortController();
  try {
    const isThere = await Promise.race([
      bus.flush().then(() => true),
      pause(timers, PATIENCE_MS, isAnswered.signal).then(() => false),
    ]);
    if (isThere) return false;
    await bus.reconnect();
    return true;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    // It is interrupted already: the bus goes on by itself, and says so in its status.
    log.debug({ reason: error.message }, 'the connection was not rechecked');
    return false;
  } finally {
    isAnswered.abort();
  }
}
