// A check that the connection still reaches the broker. Without it a dead connection is noticed only by the heartbeat.
import { BusError } from '../../../core/bus/connection/failure.js';
import type { Log } from '../../../core/log.js';
import type { ConnectionGate } from './gate.js';
import type { Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';

const TIMEOUT_MS = 1_000;

/** Reconnects if the broker does not answer within a second. Resolves true if it reconnected. */
export async function recheck(gate: ConnectionGate, schedule: Schedule, log: Log): Promise<boolean> {
  const { route } = gate;
  if (route === null) return false;
  const { bus } = route;
  const isAnswered = new AbortController();
  try {
    const isThere = await Promise.race([
      bus.flush().then(() => true),
      delay(schedule, TIMEOUT_MS, isAnswered.signal).then(() => false),
    ]);
    if (isThere) return false;
    await bus.reconnect();
    return true;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    // The connection is already interrupted, and the bus reconnects by itself. No check is needed.
    log.debug({ reason: error.message }, 'the connection was not rechecked');
    return false;
  } finally {
    isAnswered.abort();
  }
}
