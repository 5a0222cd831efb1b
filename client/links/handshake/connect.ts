// Outgoing connections: one route to one device, from the carrier's connection to the exchange of the first frames.
import { messageOf } from '../../../core/errors.js';
import type { Schedule } from '../../../core/time/clock.js';
import { withDeadline } from '../../../core/time/wait.js';
import type { Route } from '../carrier.js';
import {
  abortFailure,
  type Failure,
  failure,
  failureAt,
  LinkError,
  type LinkResult,
  timeoutError,
} from '../failure.js';
import { FULL_SIZE_BYTES, HANDSHAKE_TIMEOUT_MS } from '../limits.js';
import { closeFailure, type ResumeFrame, VERSION } from '../session/frames.js';
import { type Channel, firstFrame } from './channel.js';
import { type EncryptedStream, type InitiatorOptions, initiateHandshake } from './noise.js';

/** Resolves with an encrypted stream over this route, or with the failure, whose detail names the route. */
export function connectRoute(
  route: Route,
  options: InitiatorOptions & { readonly schedule: Schedule },
  outer: AbortSignal,
): Promise<LinkResult<EncryptedStream>> {
  const limits = { outer, timeout: timeoutError };
  return withDeadline(options.schedule, HANDSHAKE_TIMEOUT_MS, limits, async (signal) => {
    try {
      const raw = await route.connect(signal);
      const opened = await initiateHandshake(raw, options, signal);
      return opened.ok ? opened : { ok: false, failure: failureAt(route.to, opened.failure) };
    } catch (error) {
      return { ok: false, failure: failureAt(route.to, reasonOf(error, signal)) };
    }
  });
}

/**
 * Sends the resume frame, padded to full packets, and resolves with the peer's resume frame. The channel is then held until its
 * next listener. Resolves with a failure if the peer refuses. The failure is `stalled` if no answer arrives within `limitMs`: the
 * path carried the short packets of the handshake, but probably not the full packets.
 */
export async function exchangeResumes(
  channel: Channel,
  resume: ResumeFrame,
  { schedule, limitMs }: { readonly schedule: Schedule; readonly limitMs: number },
  outer: AbortSignal,
): Promise<LinkResult<ResumeFrame>> {
  channel.send(fullSize(resume));
  const limits = { outer, timeout: stalledError };
  const first = await withDeadline(schedule, limitMs, limits, (signal) => firstFrame(channel, signal));
  if (!first.ok) return first;
  const frame = first.value;
  if (frame.kind === 'resume' && frame.version === VERSION) return { ok: true, value: frame };
  channel.close('malformed');
  return { ok: false, failure: frame.kind === 'close' ? closeFailure(frame.code) : failure('malformed') };
}

const stalledError = (): LinkError => new LinkError(failure('stalled', 'full-size packets are lost'));

const PADDING = Buffer.alloc(FULL_SIZE_BYTES);

/** The resume frame with padding, so that it fills whole packets. */
export const fullSize = (resume: ResumeFrame): ResumeFrame => ({ ...resume, padding: PADDING });

function reasonOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return abortFailure(signal);
  return error instanceof LinkError ? error.failure : failure('unreachable', messageOf(error));
}
