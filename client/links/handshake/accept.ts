// The acceptor: handles an incoming connection until its device has proved its key and sent its first frame. It refuses
// strangers, limits the time of each connection, and shares a limited number of connections fairly between origins. A connection
// that sends nothing costs almost nothing.
import type { Duplex } from 'node:stream';
import type { SigningKey } from '../../../core/keys.js';
import type { Schedule } from '../../../core/time/clock.js';
import { createFairSlots } from '../admission/fair-slots.js';
import type { RawStream } from '../carrier.js';
import { abortFailure, type Failure, failure, LinkError, type LinkResult } from '../failure.js';
import { HALF_OPEN_LIMITS, HANDSHAKE_TIMEOUT_MS } from '../limits.js';
import { encodeLinkFrame, type ResumeFrame } from '../session/frames.js';
import { type Channel, createChannel, firstFrame } from './channel.js';
import { respondToHandshake } from './noise.js';

const TOO_MANY = failure('closed', 'too many unidentified connections at once');
const REFUSAL = encodeLinkFrame({ kind: 'close', code: 'not-introduced' });

/** A device that proved its key, with its first frame. The channel is held: it reads nothing until the next `listen`. */
export interface AcceptedPeer<T> {
  readonly peer: T;
  readonly channel: Channel;
  readonly resume: ResumeFrame;
}

export interface AcceptorOptions<T> {
  readonly key: SigningKey;
  readonly schedule: Schedule;
  /** The introduced device with this key (32 bytes), or null for a stranger. */
  readonly findPeer: (publicKey: Buffer) => T | null;
}

export interface Acceptor<T> {
  /**
   * Resolves with the device behind an incoming stream, or the reason for refusing it. Must be called in the same turn of the event
   * loop in which the carrier handed over the stream.
   */
  accept(raw: RawStream, origin: string): Promise<LinkResult<AcceptedPeer<T>>>;
  /** Refuses every connection that is not accepted yet. */
  close(): void;
}

export function createAcceptor<T>(options: AcceptorOptions<T>): Acceptor<T> {
  const { schedule } = options;
  const pending = new Set<AbortController>();
  // A connection that has completed the handshake of an introduced device moves from the slots `strangers` to the slots
  // `introduced`, where strangers cannot evict it. The handshake may be a replay, so the slots of each device are limited too.
  const strangers = createFairSlots<AbortController, string>(HALF_OPEN_LIMITS);
  const introduced = createFairSlots<AbortController, T>(HALF_OPEN_LIMITS);

  const identify = async (
    raw: RawStream,
    origin: string,
    connection: AbortController,
  ): Promise<LinkResult<AcceptedPeer<T>>> => {
    const { signal } = connection;
    refuse(strangers.take(connection, origin), TOO_MANY);
    const readable = await firstBytes(raw, signal);
    const opened = readable.ok
      ? await respondToHandshake(raw, { ...options, refusal: REFUSAL }, signal)
      : readable;
    strangers.release(connection, origin);
    if (!opened.ok) return opened;
    const { peer } = opened.value;
    refuse(introduced.take(connection, peer), TOO_MANY);
    const channel = createChannel(opened.value, schedule);
    const first = await firstFrame(channel, signal);
    introduced.release(connection, peer);
    if (!first.ok) return first;
    if (first.value.kind === 'resume') return { ok: true, value: { peer, channel, resume: first.value } };
    channel.close('malformed');
    return { ok: false, failure: failure('malformed', `the first frame was ${first.value.kind}`) };
  };

  return {
    async accept(raw, origin) {
      const connection = new AbortController();
      pending.add(connection);
      const cancel = schedule(HANDSHAKE_TIMEOUT_MS, () => refuse(connection, failure('timeout')));
      const result = await identify(raw, origin, connection);
      cancel();
      pending.delete(connection);
      return result;
    },
    close() {
      for (const connection of pending) refuse(connection, failure('closed'));
    },
  };
}

function refuse(connection: AbortController | null, reason: Failure): void {
  connection?.abort(new LinkError(reason));
}

// Waits for the first bytes before a cipher is set up. Thus ten thousand silent connections cost little more than their sockets.
function firstBytes(raw: Duplex, signal: AbortSignal): Promise<LinkResult<void>> {
  return new Promise((resolve) => {
    let thrown: Error | null = null;
    const settle = (result: LinkResult<void>): void => {
      raw.off('readable', readable);
      raw.off('close', closed);
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    // This listener reads nothing, so the next listener receives all data.
    const readable = (): void => settle({ ok: true, value: undefined });
    const closed = (): void => settle({ ok: false, failure: failure('abandoned', thrown?.message ?? null) });
    const abort = (): void => {
      settle({ ok: false, failure: abortFailure(signal) });
      raw.destroy();
    };
    // This listener is never removed, because a destroyed stream can still emit an error.
    raw.on('error', (error: Error) => {
      thrown = error;
    });
    raw.on('readable', readable);
    raw.on('close', closed);
    signal.addEventListener('abort', abort, { once: true });
  });
}
