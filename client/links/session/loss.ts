// The loss meter: the share of a carrier's packets that were lost in the last minute. For carriers that report no counts the loss
// is unknown.
import type { PacketCounts } from '../carrier.js';
import { TICK_MS } from '../limits.js';

const WINDOW_TICKS = 60_000 / TICK_MS;
/** With fewer packets the share is not meaningful. */
const MIN_PACKETS = 20;

export interface LossMeter {
  /** Call it every `TICK_MS` with the packet counts of the carrier since it opened; null if the carrier reports none. */
  tick(counts: PacketCounts | null): void;
  /** The share of packets that were lost, 0 to 1; null while unknown. */
  share(): number | null;
}

export function createLossMeter(): LossMeter {
  const samples: PacketCounts[] = [];
  return {
    tick(counts) {
      if (counts === null) return;
      // The first sample is 0, because no packets were sent when the channel opened.
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
