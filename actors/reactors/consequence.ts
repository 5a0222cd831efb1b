// The metadata and receipt of a command that a reactor derives from an event. A reactor may handle an event again after a crash.
import { createHash } from 'node:crypto';
import type { Request } from '../../core/actor/request.js';
import type { RecordedEvent } from '../../core/events/event.js';
import { type CommandId, commandIdSchema } from '../../core/ids.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_TIME_LENGTH = 10;
const ULID_RANDOM_LENGTH = 16;

/**
 * Deterministic: the same cause, reactor and target always give the same command id, so that the command is applied once.
 */
export function consequenceOf(
  cause: RecordedEvent,
  reactor: string,
  target: string,
): Required<Pick<Request<string, never>, 'metadata' | 'receipt'>> {
  const commandId = derivedId(cause, reactor, target);
  return {
    metadata: {
      account: null,
      device: null,
      commandId,
      correlationId: cause.metadata.correlationId,
      causationId: `${cause.stream}/${cause.version}`,
      traceparent: cause.metadata.traceparent,
    },
    receipt: { scope: reactor, commandId, digest: cause.hash, outcome: () => null },
  };
}

/** A ULID with the time of the cause. Its random part is a hash of the cause, the reactor and the target. */
function derivedId({ recordedAt, hash }: RecordedEvent, reactor: string, target: string): CommandId {
  const digest = createHash('sha256')
    .update(JSON.stringify([hash, reactor, target]))
    .digest();
  let time = '';
  for (let rest = Math.max(0, recordedAt); time.length < ULID_TIME_LENGTH; rest = Math.floor(rest / 32)) {
    time = `${CROCKFORD[rest % 32] ?? ''}${time}`;
  }
  const random = [...digest.subarray(0, ULID_RANDOM_LENGTH)].map((byte) => CROCKFORD[byte % 32]).join('');
  return commandIdSchema.parse(`${time}${random}`);
}
