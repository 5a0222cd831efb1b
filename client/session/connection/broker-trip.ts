// The round-trip time to the broker. It does not involve the tracker.
import { BusError } from '../../../core/bus/connection/failure.js';
import type { Clock } from '../../../core/time/clock.js';
import type { ConnectionGate } from './gate.js';

/** Milliseconds, measured now; null if there is no connection or it breaks during the measurement. */
export async function brokerTrip(
  { route }: Pick<ConnectionGate, 'route'>,
  clock: Clock,
): Promise<number | null> {
  if (route === null) return null;
  const from = clock.now();
  try {
    await route.bus.flush();
  } catch (error) {
    if (error instanceof BusError) return null;
    throw error;
  }
  return Math.max(0, clock.now() - from);
}
