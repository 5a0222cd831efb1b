// The packet size of one path: starts with a size that every path carries, and uses a larger one after the path has carried a
// packet of that size there and back. Without this, a router that silently drops large packets would stop the stream. Independent
// of the stream.
import type { Schedule } from '../../../core/time/clock.js';
import { UDP_LARGER_PACKET_BYTES, UDP_SIZE_ECHO_WITHIN_MS, UDP_SIZE_PROBES_AFTER_MS } from '../limits.js';

export interface PacketSizeOptions {
  /** Sends a probe in a packet of this size. The probe may be lost. */
  readonly probe: (packetBytes: number) => void;
  /** Called with each larger size that the path carries. */
  readonly onLarger: (packetBytes: number) => void;
  readonly schedule: Schedule;
}

export interface PacketSizeSearch {
  /** Call it when the probe for a packet of this size has come back. Other sizes are ignored. */
  echoed(packetBytes: number): void;
  /** Whether the path carries the largest size, or the last probe was not answered in time. */
  isOver(): boolean;
  stop(): void;
}

/** Starts the search for the largest packet size that the path carries. */
export function searchPacketSize({ probe, onLarger, schedule }: PacketSizeOptions): PacketSizeSearch {
  let carried = 0;
  let isTooLate = false;
  const wanted = (): readonly number[] => UDP_LARGER_PACKET_BYTES.filter((bytes) => bytes > carried);
  const timers = UDP_SIZE_PROBES_AFTER_MS.map((afterMs) => schedule(afterMs, () => wanted().forEach(probe)));
  const endMs = Math.max(...UDP_SIZE_PROBES_AFTER_MS) + UDP_SIZE_ECHO_WITHIN_MS;
  timers.push(
    schedule(endMs, () => {
      isTooLate = true;
    }),
  );
  return {
    echoed(packetBytes) {
      if (!wanted().includes(packetBytes)) return;
      carried = packetBytes;
      onLarger(packetBytes);
    },
    isOver: () => isTooLate || wanted().length === 0,
    stop() {
      for (const cancel of timers) cancel();
    },
  };
}
