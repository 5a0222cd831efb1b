// How much of what a carrier sends is lost, over the last minute. Counts what it is told; where nobody can tell, neither can it.
import type { PacketCounts } from '../carrier.js';
import { TICK_MS } from '../limits.js';

const WINDOW_TICKS = 60_000 / TICK_MS;
/** Of fewer a share would say more than is known. */
const LEAST_PACKETS = 20;

export interface LossMeter {
  /** Once every `TICK_MS`: what the carrier has counted since it opened; null if it counts nothing. */
  tick(counts: PacketCounts | null): void;
  /** The share of packets that was lost, 0 to 1; null while that is not known. */
  share(): number | null;
}

export function createLossMeter(): LossMeter {
  const samples: PacketCounts[] = [];
  return {
    tick(counts) {
      if (counts === null) return;
      samples.push(counts);
      if (samples.length > WINDOW_TICKS) samples.shift();
    },
    share() {
      const [first, last] = [samples.at(0), samples.at(-1)];
      if (first === undefined || last === undefined) return null;
      const sent = last.sent - first.sent;
      return sent < LEAST_PACKETS ? null : (last.resent - first.resent) / sent;
    },
  };
}
