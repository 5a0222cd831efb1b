// A UDX stream as a Node duplex, with the packet size that its path carries. UDX accepts data without limit, so the duplex limits
// the unread bytes.
import net from 'node:net';
import { Duplex } from 'node:stream';
import type { Stream } from 'udx-native';
import udxBinding from 'udx-native/binding.js';
import { monotonicNow, type Schedule } from '../../../core/time/clock.js';
import type { PacketCounts, RawStream } from '../carrier.js';
import { failure, LinkError } from '../failure.js';
import { UDP_PACKET_BYTES, UDP_UNREAD_LIMIT_BYTES } from '../limits.js';
import { createPathCounts } from './packet-counts.js';
import { type PacketSizeSearch, searchPacketSize } from './packet-size.js';
import { decodePathMessage, encodePathMessage, isPathMessage } from './path-messages.js';
import { createRedundancySender, createRedundancyReceiver } from './redundancy.js';

const HIGH_WATER_BYTES = 128 * 1024;
const UDX_HEAD_BYTES = 20;
const UDP_HEAD_BYTES = 8;
const IPV4_HEAD_BYTES = 20;
const IPV6_HEAD_BYTES = 40;

/**
 * Wraps the stream, which must be connected to `ip`, and owns it from then on. The duplex fails if the peer sends more than the
 * limit while the duplex is not read.
 */
export function udpDuplex(stream: Stream, ip: string, schedule: Schedule): RawStream {
  let hasEnded = false;
  const headBytes = UDX_HEAD_BYTES + UDP_HEAD_BYTES + (net.isIPv6(ip) ? IPV6_HEAD_BYTES : IPV4_HEAD_BYTES);
  const pathCounts = createPathCounts();
  // The number of datagrams sent outside the stream. UDX counts such datagrams when it receives them, but not when it sends them.
  let datagrams = 0;
  const sendDatagram = (bytes: Buffer): void => {
    datagrams += 1;
    stream.trySend(bytes);
  };
  setPacketSize(stream, UDP_PACKET_BYTES);
  // The search begins when the peer sends stream data. A peer that has only proved its address gets no large packets.
  let sizeSearch: PacketSizeSearch | null = null;
  const beginSizeSearch = (): PacketSizeSearch =>
    searchPacketSize({
      probe: (packetBytes) =>
        sendDatagram(encodePathMessage({ kind: 'size', bytes: packetBytes - headBytes })),
      onLarger(packetBytes) {
        // UDX may already have found a larger size.
        if (packetBytes > stream.mtu) setPacketSize(stream, packetBytes);
      },
      schedule,
    });
  const sender = createRedundancySender({
    send: sendDatagram,
    isOwed: () => stream.inflight > 0,
    maxBytes: () => stream.mtu - headBytes,
    nowMs: monotonicNow,
    schedule,
  });
  const receiver = createRedundancyReceiver();
  const write = (chunk: Buffer, done: () => void): void => {
    sender.wrote(chunk);
    if (stream.write(chunk)) done();
    else stream.once('drain', done);
  };
  const duplex = new Duplex({
    allowHalfOpen: false,
    highWaterMark: HIGH_WATER_BYTES,
    write: (chunk: Buffer, _, callback) => write(chunk, callback),
    writev(chunks, callback) {
      write(Buffer.concat(chunks.map(({ chunk }): Buffer => chunk)), callback);
    },
    final(callback) {
      stream.end();
      callback();
    },
    read() {},
    destroy(error, callback) {
      sender.stop();
      sizeSearch?.stop();
      // When both sides have ended, the stream closes by itself after the peer has all data. Destroying it would lose the rest.
      if (!hasEnded || !duplex.writableFinished) stream.destroy();
      callback(error);
    },
  });
  // A reset may arrive before the owner listens for errors, or after it has stopped listening, and must not crash the process. A
  // listener of the owner is called as well.
  duplex.on('error', () => undefined);
  const take = (bytes: Buffer): void => {
    if (duplex.destroyed || hasEnded || bytes.length === 0) return;
    duplex.push(bytes);
    if (duplex.readableLength > UDP_UNREAD_LIMIT_BYTES)
      duplex.destroy(new LinkError(failure('malformed', 'it sends more than the window allows')));
  };
  const measure = (bytes: Buffer): void => {
    const message = decodePathMessage(bytes);
    switch (message?.kind) {
      case 'size':
        return sendDatagram(encodePathMessage({ kind: 'size-echo', bytes: message.bytes }));
      case 'size-echo':
        return sizeSearch?.echoed(message.bytes + headBytes);
      case 'count':
        // Subtract 1: the question itself was received, but it was sent after the packets that it asks about.
        return sendDatagram(
          encodePathMessage({ kind: 'count-echo', sent: message.sent, received: stream.packetsReceived - 1 }),
        );
      case 'count-echo':
        return pathCounts.answered(message.sent, message.received);
      case undefined:
    }
  };
  stream.on('data', (bytes: Buffer) => {
    if (!duplex.destroyed && sizeSearch === null) {
      // Start counting again after this: probes that are too large for the path, and echoes of the peer's probes, must not count
      // as lost.
      pathCounts.restart();
      sizeSearch = beginSizeSearch();
    }
    take(receiver.fromStream(bytes));
  });
  stream.on('message', (message: Buffer) => {
    if (isPathMessage(message)) measure(message);
    else take(receiver.fromCopy(message));
  });
  stream.on('end', () => {
    hasEnded = true;
    duplex.push(null);
  });
  stream.on('error', (error: Error) => duplex.destroy(error));
  stream.on('close', () => {
    sizeSearch?.stop();
    if (!hasEnded) duplex.destroy();
  });
  return Object.assign(duplex, {
    packets(): PacketCounts | null {
      if (sizeSearch?.isOver() === false) return null;
      const sent = pathCounts.ask(stream.packetsTransmitted + datagrams);
      if (sent !== null) sendDatagram(encodePathMessage({ kind: 'count', sent }));
      return pathCounts.counts();
    },
  });
}

/**
 * Sets the size of the next packets, with all headers. UDX begins with 1,200 bytes and has no function to set a smaller size. So
 * this writes the field of the native structure that the property `mtu` reads.
 */
function setPacketSize(stream: Stream, packetBytes: number): void {
  stream._view16[udxBinding.offsetof_udx_stream_t_mtu >> 1] = packetBytes;
}
