// The failures of the bus: one error class with a kind.
import { ErrorCode, NatsError } from 'nats';
import { messageOf } from '../../errors.js';

export type BusFailure =
  /** No answer in time; the request may have been carried out. */
  | 'timeout'
  /** Nobody serves the subject. */
  | 'no-responders'
  /** There is no connection, or it was lost while waiting; the request may have been carried out. */
  | 'disconnected'
  /** The client has no permission for the subject. */
  | 'denied'
  /** More bytes than this client may send in one message. */
  | 'too-large'
  /** The broker does not accept this client's JWT. */
  | 'unauthorized'
  /** The server's key is not the one in the invite, or the server does not offer TLS. */
  | 'untrusted';

export class BusError extends Error {
  override readonly name = 'BusError';

  constructor(
    readonly kind: BusFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const FAILURES: ReadonlyMap<string, readonly [BusFailure, why: string]> = new Map([
  [ErrorCode.Timeout, ['timeout', 'no answer in time']],
  [ErrorCode.NoResponders, ['no-responders', 'nobody serves this now']],
  [ErrorCode.PermissionsViolation, ['denied', 'the broker does not allow it']],
  [ErrorCode.AuthorizationViolation, ['unauthorized', 'the broker does not accept the JWT']],
  [ErrorCode.AuthenticationExpired, ['unauthorized', 'the JWT has expired']],
  [ErrorCode.AccountExpired, ['unauthorized', "the account's JWT has expired"]],
  [
    ErrorCode.BadAuthentication,
    ['unauthorized', 'the broker requested a signature on something that is not a nonce'],
  ],
  [
    ErrorCode.ServerOptionNotAvailable,
    ['untrusted', 'the broker does not offer the TLS that the invite asks for'],
  ],
  [ErrorCode.MaxPayloadExceeded, ['too-large', 'too many bytes for one message']],
]);

/**
 * Translates an error of nats.js to a `BusError`; returns any other error unchanged. `what` names the attempted action.
 */
export function failureOf(error: unknown, what: string): unknown {
  if (isTlsFailure(error)) {
    const why = 'the broker wants TLS, and its certificate is not known here';
    return new BusError('untrusted', `${what}: ${why} (${messageOf(error)})`, { cause: error });
  }
  if (!(error instanceof NatsError)) return error;
  const [kind, why] = FAILURES.get(error.code) ?? (['disconnected', error.message] as const);
  return new BusError(kind, `${what}: ${why}`, { cause: error });
}

// Node's error codes for an untrusted certificate.
function isTlsFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|ISSUER|SIGNATURE|ERR_TLS/.test(code);
}

export const disconnected = (what: string): BusError =>
  new BusError('disconnected', `${what}: there is no connection to the broker`);
