// Reaching one device over one route: connect, handshake, the right key, then the first words.
import { messageOf } from '../../../core/errors.js';
import type { SigningKey } from '../../../core/keys.js';
import type { Route } from '../carrier.js';
import { type Channel, firstFrame } from './channel.js';
import { withDeadline } from '../deadline.js';
import { abortFailure, type Failure, failure, failureAt, LinkError, type LinkResult } from '../failure.js';
import { closeFailure, type ResumeFrame, VERSION } from '../session/frames.js';
import { HANDSHAKE_TIMEOUT_MS } from '../limits.js';
import { initiateHandshake, type EncryptedStream } from './noise.js';

/** An encrypted stream to the holder of `publicKey` (32 bytes), or why this route gives none; failures name the route. */
export function connectRoute(
  route: Route,
  key: SigningKey,
  publicKey: Buffer,
  unwanted: AbortSignal,
): Promise<LinkResult<EncryptedStream>> {
  return withDeadline(HANDSHAKE_TIMEOUT_MS, unwanted, async (signal) => {
    try {
      const raw = await route.connect(signal);
      const opened = await initiateHandshake(raw, key, publicKey, signal);
      return opened.ok ? opened : { ok: false, failure: failureAt(route.to, opened.failure) };
    } catch (error) {
      return { ok: false, failure: failureAt(route.to, reasonOf(error, signal)) };
    }
  });
}

/** Greets on a fresh channel; the device's own greeting, or why it turned us away. The channel is then held. */
export async function exchangeGreetings(
  channel: Channel,
  greeting: ResumeFrame,
  unwanted: AbortSignal,
): Promise<LinkResult<ResumeFrame>> {
  channel.send(greeting);
  const first = await withDeadline(HANDSHAKE_TIMEOUT_MS, unwanted, (signal) => firstFrame(channel, signal));
  if (!first.ok) return first;
  const frame = first.value;
  if (frame.kind === 'resume' && frame.version === VERSION) return { ok: true, value: frame };
  channel.close('malformed');
  return { ok: false, failure: frame.kind === 'close' ? closeFailure(frame.code) : failure('malformed') };
}

function reasonOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return abortFailure(signal);
  return error instanceof LinkError ? error.failure : failure('unreachable', messageOf(error));
}
