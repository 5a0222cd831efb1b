// Noise IK over any duplex, both ends' keys compared before a byte of data. Knows no carrier and no frame.
import type { Duplex } from 'node:stream';
import SecretStream from '@hyperswarm/secret-stream';
import type { SigningKey } from '../../../core/keys.js';
import type { PacketCounts, RawStream } from '../carrier.js';
import { abortFailure, type Failure, failure, LinkError, type LinkResult } from '../failure.js';
import { FRAME_LIMIT_BYTES } from '../limits.js';

// Wire lengths of IK on Ed25519 and of the stream header that follows, each after its 3-byte length.
const HELLO_BYTES = 96;
const ANSWER_BYTES = 48;
const HEADER_BYTES = 56;
const CIPHER_OVERHEAD_BYTES = 17;
const LENGTH_BYTES = 3;

/** An encrypted stream whose other end has proved its key. */
export interface EncryptedStream {
  readonly stream: SecretStream;
  /** Resolves once the stream is closed, however early that is, with the reason. */
  readonly ended: Promise<Failure>;
  /** What its carrier has counted; null if that counts nothing. */
  readonly packets: () => PacketCounts | null;
}

/** Opens a stream to the holder of `expected` (32 bytes) and nobody else. The raw duplex is destroyed on failure. */
export async function initiateHandshake(
  raw: RawStream,
  key: SigningKey,
  expected: Buffer,
  signal: AbortSignal,
): Promise<LinkResult<EncryptedStream>> {
  const stream = new SecretStream(true, raw, {
    keyPair: SecretStream.keyPair(key.seed),
    pattern: 'IK',
    remotePublicKey: expected,
  });
  const opened = await handshake(stream, raw, ANSWER_BYTES, signal);
  if (!opened.ok || stream.remotePublicKey?.equals(expected)) return opened;
  stream.destroy();
  return { ok: false, failure: failure('wrong-key') };
}

export interface PeerCheck<T> {
  /** What is known of the holder of this key (32 bytes), or null for a stranger. */
  readonly findPeer: (publicKey: Buffer) => T | null;
  /** Said to a stranger, encrypted, before hanging up. */
  readonly refusal: Uint8Array;
}

/**
 * Opens a stream to whoever connected, if their proved key is expected. The handshake alone may be a replay:
 * only a first message shows that the holder of the key is there now.
 */
export async function respondToHandshake<T>(
  raw: RawStream,
  key: SigningKey,
  admission: PeerCheck<T>,
  signal: AbortSignal,
): Promise<LinkResult<EncryptedStream & { readonly peer: T }>> {
  const stream = new SecretStream(false, raw, { keyPair: SecretStream.keyPair(key.seed), pattern: 'IK' });
  const opened = await handshake(stream, raw, HELLO_BYTES, signal);
  if (!opened.ok) return opened;
  const peer = stream.remotePublicKey === null ? null : admission.findPeer(stream.remotePublicKey);
  if (peer !== null) return { ok: true, value: { ...opened.value, peer } };
  endWithMessage(stream, admission.refusal);
  return { ok: false, failure: failure('not-introduced') };
}

/** Sends a last message and ends the stream; destroys it if the other side does not let go within a second. */
export function endWithMessage(stream: SecretStream, last: Uint8Array): void {
  stream.on('error', () => stream.destroy());
  stream.write(last);
  stream.end();
  stream.resume();
  const lingering = setTimeout(() => stream.destroy(), 1_000);
  stream.once('close', () => clearTimeout(lingering));
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
  return { ok: true, value: { stream, ended, packets: () => raw.packets?.() ?? null } };
}

function endOf(stream: SecretStream, error: Error | null): Failure {
  if (error instanceof LinkError) return error.failure;
  if (error === null) return failure('closed', 'the other side ended it');
  if ('code' in error) return failure('closed', error.message);
  // The stream's own complaints have no system code. Before the first message it is the handshake that was replayed.
  return stream.rawBytesRead === 0 ? failure('handshake-failed', error.message) : failure('corrupted');
}

function handshakeFailure(thrown: Error | null, firstBytes: number, received: number): Failure {
  if (thrown instanceof LinkError) return thrown.failure;
  if (firstBytes === HELLO_BYTES) return failure('handshake-failed', thrown?.message ?? 'cut short');
  if (thrown !== null && 'code' in thrown) return failure('handshake-failed', thrown.message);
  // To our hello only the right key can answer. Another one hangs up without a word, or answers what we cannot open.
  const isWhole = received >= LENGTH_BYTES + ANSWER_BYTES;
  return received === 0 || isWhole ? failure('wrong-key') : failure('handshake-failed', 'cut short');
}

// The stream would take memory for any announced length up to 16 MiB, from strangers too. This reads the lengths
// first: it listens before the stream does (prepended, so that it does not set the duplex flowing).
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
      if (!isFitting(message, length, firstBytes)) {
        stream.destroy(new LinkError(misfit(message, length)));
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

function isFitting(message: number, length: number, firstBytes: number): boolean {
  if (message === 0) return length === firstBytes;
  if (message === 1) return length === HEADER_BYTES;
  return length <= FRAME_LIMIT_BYTES + CIPHER_OVERHEAD_BYTES;
}

function misfit(message: number, length: number): Failure {
  return message < 2
    ? failure('handshake-failed', 'what came is not a Partyline handshake')
    : failure('malformed', `a message of ${length} bytes; ${FRAME_LIMIT_BYTES} are allowed`);
}
