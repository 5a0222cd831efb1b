// The door: connections that have not yet shown who they are. Few at a time, not for long, and strangers are turned away.
import type { Duplex } from 'node:stream';
import type { SigningKey } from '../../core/keys.js';
import { type Channel, createChannel, firstFrame } from './channel.js';
import { type Failure, failure, LinkError, type Outcome } from './failure.js';
import { encodeFrame, type ResumeFrame } from './frames.js';
import { HALF_OPEN_LIMIT, HANDSHAKE_TIMEOUT_MS } from './limits.js';
import { openIncoming } from './secure.js';

const REFUSAL = encodeFrame({ kind: 'close', code: 'not-introduced' });

/** A device that has come in, with the first thing it said. The channel is held. */
export interface Arrival<T> {
  readonly peer: T;
  readonly channel: Channel;
  readonly resume: ResumeFrame;
}

export interface DoorOptions<T> {
  readonly key: SigningKey;
  /** What is known of the device with this key (32 bytes); null turns it away. */
  readonly isExpected: (publicKey: Buffer) => T | null;
}

export interface Door<T> {
  /** Must be called in the turn in which the duplex came. Resolves once it is known who that is, or why not. */
  enter(raw: Duplex): Promise<Outcome<Arrival<T>>>;
  /** Turns away everybody at the door. */
  close(): void;
}

export function createDoor<T>(options: DoorOptions<T>): Door<T> {
  const halfOpen = new Set<AbortController>();

  const greet = async (raw: Duplex, signal: AbortSignal): Promise<Outcome<Arrival<T>>> => {
    const admission = { isExpected: options.isExpected, refusal: REFUSAL };
    const opened = await openIncoming(raw, options.key, admission, signal);
    if (!opened.ok) return opened;
    const channel = createChannel(opened.value);
    const first = await firstFrame(channel, signal);
    if (!first.ok) return first;
    if (first.value.kind === 'resume')
      return { ok: true, value: { peer: opened.value.peer, channel, resume: first.value } };
    channel.close('malformed');
    return { ok: false, failure: failure('malformed', `it began with ${first.value.kind}`) };
  };

  const turnAway = (visitor: AbortController, reason: Failure): void => {
    halfOpen.delete(visitor);
    visitor.abort(new LinkError(reason));
  };

  return {
    async enter(raw) {
      const visitor = new AbortController();
      const [oldest] = halfOpen;
      if (oldest !== undefined && halfOpen.size >= HALF_OPEN_LIMIT)
        turnAway(oldest, failure('closed', 'too many connections at once that had not shown who they are'));
      halfOpen.add(visitor);
      const timer = setTimeout(() => turnAway(visitor, failure('timeout')), HANDSHAKE_TIMEOUT_MS);
      const outcome = await greet(raw, visitor.signal);
      clearTimeout(timer);
      halfOpen.delete(visitor);
      return outcome;
    },
    close() {
      for (const visitor of halfOpen) turnAway(visitor, failure('closed'));
    },
  };
}
