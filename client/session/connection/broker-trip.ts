// How long it takes to the broker and back. Knows no tracker.
import { BusError } from '../../../core/bus/connection/failure.js';
import type { Clock } from '../../../core/time/clock.js';
import type { Gate } from './gate.js';

/** Milliseconds, measured now; null while the gate is shut, or when the connection breaks meanwhile. */
export async function brokerTrip({ passage }: Pick<Gate, 'passage'>, clock: Clock): Promise<number | null> {
  if (passage === null) return null;
  const from = clock.now();
  try {
    await passage.bus.flush();
  } catch (error) {
    if (error instanceof BusError) return null;
    throw error;
  }
  return Math.max(0, clock.now() - from);
}
