// The packet counts of one path: how many packets were sent, and how many of these did not arrive. The peer reports how many
// packets it has received. Thus packets that were sent again without need do not count as lost. Independent of the stream.
import type { PacketCounts } from '../carrier.js';

/** The peer is asked again only after this many packets, so that the questions add little traffic to a quiet stream. */
const PACKETS_BETWEEN = 20;

export interface PathCounts {
  /** Starts counting again. Packets up to the next answer are not counted, and an answer to an earlier question is ignored. */
  restart(): void;
  /**
   * If it is time to ask the peer, returns the number to ask about, `sent`; else null.
   * @param sent the number of packets sent until now
   */
  ask(sent: number): number | null;
  /** Records the answer of the peer: the peer has received `received` of the first `sent` packets. */
  answered(sent: number, received: number): void;
  /** The counts according to the last answer; null before the first answer. */
  counts(): PacketCounts | null;
}

export function createPathCounts(): PathCounts {
  let asked = -PACKETS_BETWEEN;
  let answeredAt = 0;
  // The counts at which counting starts; null until the next answer sets them.
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
      // Ignore an answer that arrives after a later answer, and an answer that no honest peer sends.
      if (sent > asked || sent < answeredAt) return;
      answeredAt = sent;
      start ??= { sent, received };
      const sentSince = sent - start.sent;
      // More packets may arrive than were sent, because the network may duplicate packets.
      latest = { sent: sentSince, lost: Math.max(0, sentSince - (received - start.received)) };
    },
    counts: () => latest,
  };
}
