// The Noise IK handshake over any stream: both sides prove their keys before any data passes. It is independent of carriers and
// frames.
import type { Duplex } from 'node:stream';
import SecretStream from '@hyperswarm/secret-stream';
import type { SigningKey } from '../../../core/keys.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { PacketCounts, RawStream, StreamEnds } from '../carrier.js';
import { abortFailure, type Failure, failure, LinkError, type LinkResult } from '../failure.js';
import { FRAME_LIMIT_BYTES } from '../limits.js';

// The lengths on the wire of the two messages of the IK handshake with Ed25519, and of the stream header after them. Each is sent
// after a length of 3 bytes.
const HELLO_BYTES = 96;
const ANSWER_BYTES = 48;
const HEADER_BYTES = 56;
const CIPHER_OVERHEAD_BYTES = 17;
const LENGTH_BYTES = 3;
/** The time within which the peer must close its side after the last message. */
const LINGER_MS = 1_000;

/** An encrypted stream whose peer has proved its key. */
export interface EncryptedStream {
  readonly stream: SecretStream;
  /** Resolves with the reason when the stream is closed. Also resolves if the stream was closed earlier. */
  readonly ended: Promise<Failure>;
  /** The packet counts of the carrier; null if the carrier has none. */
  readonly packets: () => PacketCounts | null;
  /** The addresses of both ends; null while they are unknown. */
  readonly ends: () => StreamEnds | null;
}

export interface InitiatorOptions {
  readonly key: SigningKey;
  /** The peer's key, 32 bytes. */
  readonly publicKey: Buffer;
}

/** Opens a stream to the holder of `publicKey` only. The raw stream is destroyed on failure. */
export async function initiateHandshake(
  raw: RawStream,
  { key, publicKey }: InitiatorOptions,
  signal: AbortSignal,
): Promise<LinkResult<EncryptedStream>> {
  const stream = new SecretStream(true, raw, {
    keyPair: SecretStream.keyPair(key.seed),
    pattern: 'IK',
    remotePublicKey: publicKey,
  });
  const opened = await handshake(stream, raw, ANSWER_BYTES, signal);
  if (!opened.ok || stream.remotePublicKey?.equals(publicKey)) return opened;
  stream.destroy();
  return { ok: false, failure: failure('wrong-key') };
}

export interface ResponderOptions<T> {
  readonly key: SigningKey;
  readonly schedule: Schedule;
  /** The introduced device with this key (32 bytes), or null for a stranger. */
  readonly findPeer: (publicKey: Buffer) => T | null;
  /** Sent to a stranger, encrypted, before the stream is closed. */
  readonly refusal: Uint8Array;
}

/**
 * Opens a stream to an incoming peer if its proved key is introduced. The handshake may be a replay. Only the first message after
 * it proves that the holder of the key is present.
 */
export async function respondToHandshake<T>(
  raw: RawStream,
  { key, schedule, findPeer, refusal }: ResponderOptions<T>,
  signal: AbortSignal,
): Promise<LinkResult<EncryptedStream & { readonly peer: T }>> {
  const stream = new SecretStream(false, raw, { keyPair: SecretStream.keyPair(key.seed), pattern: 'IK' });
  const opened = await handshake(stream, raw, HELLO_BYTES, signal);
  if (!opened.ok) return opened;
  const peer = stream.remotePublicKey === null ? null : findPeer(stream.remotePublicKey);
  if (peer !== null) return { ok: true, value: { ...opened.value, peer } };
  endWithMessage(stream, refusal, schedule);
  return { ok: false, failure: failure('not-introduced') };
}

/** Sends a last message and ends the stream; destroys it if the peer does not close its side within a second. */
export function endWithMessage(stream: SecretStream, last: Uint8Array, schedule: Schedule): void {
  stream.on('error', () => stream.destroy());
  stream.write(last);
  stream.end();
  stream.resume();
  stream.once(
    'close',
    schedule(LINGER_MS, () => stream.destroy()),
  );
}

async function handshake(
  stream: SecretStream,
  raw: RawStream,
  firstBytes: number,
  signal: AbortSignal,
): Promise<LinkResult<EncryptedStream>> {
  const watched = watchLengths(raw, stream, firstBytes);
  let thrown: Error | null = null;
  let isOpen = false;
  stream.on('error', (error: Error) => {
    thrown = error;
  });
  const ended = new Promise<Failure>((resolve) => {
    stream.once('close', () =>
      resolve(isOpen ? endOf(stream, thrown) : handshakeFailure(thrown, firstBytes, watched.bytes)),
    );
  });
  const abort = (): void => stream.destroy(new LinkError(abortFailure(signal)));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  isOpen = await stream.opened;
  signal.removeEventListener('abort', abort);
  if (!isOpen) return { ok: false, failure: await ended };
  const [packets, ends] = [() => raw.packets?.() ?? null, () => raw.ends?.() ?? null];
  return { ok: true, value: { stream, ended, packets, ends } };
}

function endOf(stream: SecretStream, error: Error | null): Failure {
  if (error instanceof LinkError) return error.failure;
  if (error === null) return failure('closed', 'ended by the other device');
  if ('code' in error) return failure('closed', error.message);
  // An error without a system code comes from the encryption. Before the first message it means that the handshake was replayed.
  return stream.rawBytesRead === 0 ? failure('handshake-failed', error.message) : failure('corrupted');
}

function handshakeFailure(thrown: Error | null, firstBytes: number, received: number): Failure {
  if (thrown instanceof LinkError) return thrown.failure;
  const isCut = thrown === null || 'code' in thrown;
  if (firstBytes === HELLO_BYTES)
    return failure(isCut ? 'abandoned' : 'handshake-failed', thrown?.message ?? null);
  if (thrown !== null && isCut) return failure('abandoned', thrown.message);
  // Only the holder of the right key can answer the hello. A device with another key closes the connection without an answer, or
  // its answer cannot be decrypted.
  const isWhole = received >= LENGTH_BYTES + ANSWER_BYTES;
  return received === 0 || isWhole ? failure('wrong-key') : failure('abandoned');
}

// SecretStream would allocate memory for any announced length up to 16 MiB, even for strangers. This function checks the lengths
// first. Its listener is prepended: it runs before the listener of the stream, and does not switch the raw stream to flowing
// mode.
function watchLengths(raw: Duplex, stream: SecretStream, firstBytes: number): { readonly bytes: number } {
  const watched = { bytes: 0 };
  let message = 0;
  let skip = 0;
  let length = 0;
  let lengthBytes = 0;
  raw.prependListener('data', (chunk: Buffer) => {
    watched.bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
        continue;
      }
      length += (chunk[at] ?? 0) * 256 ** lengthBytes;
      at += 1;
      lengthBytes += 1;
      if (lengthBytes < LENGTH_BYTES) continue;
      if (!isLengthAllowed(message, length, firstBytes)) {
        stream.destroy(new LinkError(lengthFailure(message, length)));
        return;
      }
      message += 1;
      skip = length;
      length = 0;
      lengthBytes = 0;
    }
  });
  return watched;
}

function isLengthAllowed(message: number, length: number, firstBytes: number): boolean {
  if (message === 0) return length === firstBytes;
  if (message === 1) return length === HEADER_BYTES;
  return length <= FRAME_LIMIT_BYTES + CIPHER_OVERHEAD_BYTES;
}

function lengthFailure(message: number, length: number): Failure {
  return message < 2
    ? failure('handshake-failed', 'the data received is not a Partyline handshake')
    : failure('malformed', `a message of ${length} bytes; the limit is ${FRAME_LIMIT_BYTES}`);
}
