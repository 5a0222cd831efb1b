// The door: connections that have not yet shown who they are. Few at a time, fairly shared by where they come from, not
// for long; strangers are turned away. Who says nothing costs next to nothing.
import type { Duplex } from 'node:stream';
import type { SigningKey } from '../../../core/keys.js';
import type { RawStream } from '../carrier.js';
import { type Channel, createChannel, firstFrame } from './channel.js';
import { createFairSlots } from '../admission/fair-slots.js';
import { abortFailure, type Failure, failure, LinkError, type LinkResult } from '../failure.js';
import { encodeLinkFrame, type ResumeFrame } from '../session/frames.js';
import { HALF_OPEN_LIMITS, HANDSHAKE_TIMEOUT_MS } from '../limits.js';
import { respondToHandshake } from './noise.js';

const CROWDED = failure('closed', 'too many connections at once that had not shown who they are');
const REFUSAL = encodeLinkFrame({ kind: 'close', code: 'not-introduced' });

/** A device that has come in, with the first thing it said. The channel is held. */
export interface AcceptedPeer<T> {
  readonly peer: T;
  readonly channel: Channel;
  readonly resume: ResumeFrame;
}

export interface AcceptorOptions<T> {
  readonly key: SigningKey;
  /** What is known of the device with this key (32 bytes); null turns it away. */
  readonly findPeer: (publicKey: Buffer) => T | null;
}

export interface Acceptor<T> {
  /**
   * Must be called in the turn in which the duplex came from `origin`. Resolves once it is known who that is, or why not.
   */
  enter(raw: RawStream, origin: string): Promise<LinkResult<AcceptedPeer<T>>>;
  /** Turns away everybody at the door. */
  close(): void;
}

export function createAcceptor<T>(options: AcceptorOptions<T>): Acceptor<T> {
  const visitors = new Set<AbortController>();
  // Whose handshake is that of an expected device waits beside the crowd: no number of strangers pushes it out. It may be
  // a replay all the same, so the places of each device are few, too.
  const strangers = createFairSlots<AbortController, string>(HALF_OPEN_LIMITS);
  const expected = createFairSlots<AbortController, T>(HALF_OPEN_LIMITS);

  const greet = async (
    raw: RawStream,
    origin: string,
    visitor: AbortController,
  ): Promise<LinkResult<AcceptedPeer<T>>> => {
    const { signal } = visitor;
    turnAway(strangers.enter(visitor, origin), CROWDED);
    const spoken = await firstWord(raw, signal);
    const admission = { findPeer: options.findPeer, refusal: REFUSAL };
    const opened = spoken.ok ? await respondToHandshake(raw, options.key, admission, signal) : spoken;
    strangers.leave(visitor, origin);
    if (!opened.ok) return opened;
    const { peer } = opened.value;
    turnAway(expected.enter(visitor, peer), CROWDED);
    const channel = createChannel(opened.value);
    const first = await firstFrame(channel, signal);
    expected.leave(visitor, peer);
    if (!first.ok) return first;
    if (first.value.kind === 'resume') return { ok: true, value: { peer, channel, resume: first.value } };
    channel.close('malformed');
    return { ok: false, failure: failure('malformed', `it began with ${first.value.kind}`) };
  };

  return {
    async enter(raw, origin) {
      const visitor = new AbortController();
      visitors.add(visitor);
      const timer = setTimeout(() => turnAway(visitor, failure('timeout')), HANDSHAKE_TIMEOUT_MS);
      const outcome = await greet(raw, origin, visitor);
      clearTimeout(timer);
      visitors.delete(visitor);
      return outcome;
    },
    close() {
      for (const visitor of visitors) turnAway(visitor, failure('closed'));
    },
  };
}

function turnAway(visitor: AbortController | null, reason: Failure): void {
  visitor?.abort(new LinkError(reason));
}

// Until something comes no cipher is set up: ten thousand who only connect cost little more than their sockets.
function firstWord(raw: Duplex, signal: AbortSignal): Promise<LinkResult<void>> {
  return new Promise((resolve) => {
    let thrown: Error | null = null;
    const settle = (outcome: LinkResult<void>): void => {
      raw.off('readable', heard);
      raw.off('close', closed);
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    // Nothing is read: a listener to data that comes now gets it all.
    const heard = (): void => settle({ ok: true, value: undefined });
    const closed = (): void =>
      settle({ ok: false, failure: failure('handshake-failed', thrown?.message ?? 'cut short') });
    const abort = (): void => {
      settle({ ok: false, failure: abortFailure(signal) });
      raw.destroy();
    };
    // For good: whoever is told to go may still fail at it.
    raw.on('error', (error: Error) => {
      thrown = error;
    });
    raw.on('readable', heard);
    raw.on('close', closed);
    signal.addEventListener('abort', abort, { once: true });
  });
}
