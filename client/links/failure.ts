// Reasons why there is no link: one table of codes and the sentences that users read. It is independent of the carrier.

const SENTENCES = {
  unreachable: 'No answer at the addresses of that device; it may be offline or behind a firewall',
  timeout: 'The other device did not answer in time; the network between the two devices may be down',
  'wrong-key': 'The device at that address could not prove that it is the expected one, so nothing was sent',
  'not-introduced': 'The tracker has not introduced the two devices to each other, so no link was made',
  stalled: 'A connection opens but carries no data, so this way is avoided for some time',
  unwanted: 'The other device has chosen another carrier',
  'handshake-failed':
    'The encrypted link could not be opened: the handshake is damaged or not from Partyline',
  abandoned: 'The other side ended the connection before the handshake was complete',
  corrupted: 'The data of the link was altered on the way, so the link was closed',
  malformed: 'The other device sent data that this version cannot read; update the older of the two programs',
  left: 'The other device left',
  closed: 'The connection was closed',
} as const;

export type FailureCode = keyof typeof SENTENCES;

/** A reason as a value; `message` is a sentence for users. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** The text in brackets within the message, if any. */
  readonly detail: string | null;
}

/** The failure of this code; `detail` (an address, an error's text) is added in brackets. */
export function failure(code: FailureCode, detail: string | null = null): Failure {
  return { code, message: `${SENTENCES[code]}${detail === null ? '' : ` (${detail})`}.`, detail };
}

/**
 * The same failure with the place where it happened (an address or a route) in front of its detail. If the detail already ends
 * with the address, as errors of the system often do, the address is not repeated.
 */
export function failureAt(where: string, { code, detail }: Failure): Failure {
  if (detail === null || detail === where) return failure(code, where);
  const rest = detail.endsWith(` ${where}`) ? detail.slice(0, -where.length - 1) : detail;
  return failure(code, `${where}: ${rest}`);
}

/** The result of work that can fail for a reason outside this program. */
export type LinkResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A failure as an error, for APIs that only pass errors: a stream's `destroy`, a signal's reason. */
export class LinkError extends Error {
  override readonly name = 'LinkError';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** The reason why `signal` was aborted; `closed` if the reason is not a `LinkError`. */
export function abortFailure(signal: AbortSignal): Failure {
  const reason: unknown = signal.reason;
  return reason instanceof LinkError ? reason.failure : failure('closed', 'no longer needed');
}

/** The error of a deadline that has passed. */
export const timeoutError = (): LinkError => new LinkError(failure('timeout'));
