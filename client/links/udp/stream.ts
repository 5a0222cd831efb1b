// A UDX stream as a Node duplex. UDX itself accepts data without limit; this bounds the unread bytes.
import { monotonicNow, type Schedule } from '../../../core/time/clock.js';
import { Duplex } from 'node:stream';
import type { Stream } from 'udx-native';
import type { PacketCounts, RawStream } from '../carrier.js';
import { failure, LinkError } from '../failure.js';
import { UDP_UNREAD_LIMIT_BYTES } from '../limits.js';
import { createRedundancySender, createRedundancyReceiver } from './redundancy.js';

const HIGH_WATER_BYTES = 128 * 1024;
const UDX_HEAD_BYTES = 20;

/** Owns the stream, which must be connected. Fails if the peer sends more than the limit while the duplex is not read. */
export function udpDuplex(stream: Stream, schedule: Schedule): RawStream {
  let hasEnded = false;
  let packets = 0;
  let resent = 0;
  let resentBefore = 0;
  const sender = createRedundancySender({
    send: (copy) => stream.trySend(copy),
    isOwed: () => stream.inflight > 0,
    nowMs: monotonicNow,
    schedule,
  });
  const receiver = createRedundancyReceiver();
  const write = (chunk: Buffer, done: () => void): void => {
    sender.wrote(chunk);
    packets += Math.ceil(chunk.length / (stream.mtu - UDX_HEAD_BYTES));
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
      // When both sides have ended, the stream closes by itself after the peer has all data. Destroying it would lose the rest.
      if (!hasEnded || !duplex.writableFinished) stream.destroy();
      callback(error);
    },
  });
  const take = (bytes: Buffer): void => {
    if (duplex.destroyed || hasEnded || bytes.length === 0) return;
    duplex.push(bytes);
    if (duplex.readableLength > UDP_UNREAD_LIMIT_BYTES)
      duplex.destroy(new LinkError(failure('malformed', 'it sends more than the window allows')));
  };
  stream.on('data', (bytes: Buffer) => take(receiver.fromStream(bytes)));
  stream.on('message', (copy: Buffer) => take(receiver.fromCopy(copy)));
  stream.on('end', () => {
    hasEnded = true;
    duplex.push(null);
  });
  stream.on('error', (error: Error) => duplex.destroy(error));
  stream.on('close', () => {
    if (!hasEnded) duplex.destroy();
  });
  return Object.assign(duplex, {
    packets(): PacketCounts {
      // UDX counts retransmissions in 16 bits.
      const { retransmits } = stream;
      resent += (retransmits - resentBefore) & 0xffff;
      resentBefore = retransmits;
      return { sent: packets + resent, resent };
    },
  });
}
