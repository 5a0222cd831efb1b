// The packet counts of one path: packets sent, and those of them that did not arrive. The peer reports how many it has received, so packets
// that were sent again without need do not count as lost. It knows no stream.
import type { PacketCounts } from '../carrier.js';

/** The peer is asked again after this many packets, so that a quiet stream stays quiet. */
const PACKETS_BETWEEN = 20;

export interface PathCounts {
  /** The packets sent and received up to the next answer no longer count. An answer to an earlier question is ignored. */
  restart(): void;
  /** The number of packets sent up to now if it is time to ask the peer, else null. */
  ask(sent: number): number | null;
  /** Takes the answer of the peer: it has received `received` of the first `sent` packets. */
  answered(sent: number, received: number): void;
  /** According to the last answer; null before the first. */
  counts(): PacketCounts | null;
}

export function createPathCounts(): PathCounts {
  let asked = -PACKETS_BETWEEN;
  let answeredAt = 0;
  // Null: the next answer sets it.
  let start: { readonly sent: number; readonly received: number } | null = { sent: 0, received: 0 };
  let latest: PacketCounts | null = null;
  return {
    restart() {
      asked = -PACKETS_BETWEEN;
      start = null;
      latest = null;
    },
    ask(sent) {
      if (sent - asked < PACKETS_BETWEEN) return null;
      asked = sent;
      return sent;
    },
    answered(sent, received) {
      // An answer that was overtaken by a later one, or that no honest peer sends.
      if (sent > asked || sent < answeredAt) return;
      answeredAt = sent;
      start ??= { sent, received };
      const sentSince = sent - start.sent;
      // Packets that the network duplicated arrive more often than they were sent.
      latest = { sent: sentSince, lost: Math.max(0, sentSince - (received - start.received)) };
    },
    counts: () => latest,
  };
}
