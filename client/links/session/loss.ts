// The loss meter: the share of a carrier's packets that were lost in the last minute. It knows nothing for carriers without counts.
import type { PacketCounts } from '../carrier.js';
import { TICK_MS } from '../limits.js';

const WINDOW_TICKS = 60_000 / TICK_MS;
/** With fewer packets the share is not meaningful. */
const MIN_PACKETS = 20;

export interface LossMeter {
  /** Call every `TICK_MS` with the carrier's counts since it opened, or null if it has none. */
  tick(counts: PacketCounts | null): void;
  /** The share of packets that were lost, 0 to 1; null while unknown. */
  share(): number | null;
}

export function createLossMeter(): LossMeter {
  const samples: PacketCounts[] = [];
  return {
    tick(counts) {
      if (counts === null) return;
      // The channel began without packets.
      if (samples.length === 0) samples.push({ sent: 0, lost: 0 });
      samples.push(counts);
      if (samples.length > WINDOW_TICKS) samples.shift();
    },
    share() {
      const [first, last] = [samples.at(0), samples.at(-1)];
      if (first === undefined || last === undefined) return null;
      const sent = last.sent - first.sent;
      return sent < MIN_PACKETS ? null : Math.min(1, Math.max(0, last.lost - first.lost) / sent);
    },
  };
}
