// Why there is no link: one table of reasons, each with the sentence a person reads. Knows no carrier.

const SENTENCES = {
  unreachable: 'Nothing answers at the addresses of that device; it may be offline or behind a firewall',
  timeout: 'The other device did not answer in time; the network between may be down',
  'wrong-key':
    'What answers there could not prove to be that device: another key, or another program, so nothing was sent',
  'not-introduced': 'The device was not introduced by the tracker, so no link was made',
  unwanted: 'The other device does not want to be reached this way',
  'handshake-failed': 'The encrypted link could not be opened: the handshake was cut, damaged or not ours',
  corrupted: 'What arrived over the link had been altered on the way, so the link was closed',
  malformed: 'The other device sent what this version cannot read; the older of the two needs an update',
  left: 'The other device left',
  closed: 'The connection was closed',
} as const;

export type FailureCode = keyof typeof SENTENCES;

/** A reason as a value; `message` is a sentence for people. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** The particulars within the message, if any. */
  readonly detail: string | null;
}

/** The failure of this code; `detail` (an address, an error's text) is added in brackets. */
export function failure(code: FailureCode, detail: string | null = null): Failure {
  return { code, message: `${SENTENCES[code]}${detail === null ? '' : ` (${detail})`}.`, detail };
}

/** The same failure, saying where it happened. */
export function failureAt(where: string, { code, detail }: Failure): Failure {
  return failure(code, detail === null ? where : `${where}: ${detail}`);
}

/** What may fail for a reason outside this program. */
export type LinkResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A failure on its way through an API that only knows errors: a stream's `destroy`, a signal's reason. */
export class LinkError extends Error {
  override readonly name = 'LinkError';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Why `signal` was aborted; without a reason of ours, the attempt is no longer wanted. */
export function abortFailure(signal: AbortSignal): Failure {
  const reason: unknown = signal.reason;
  return reason instanceof LinkError ? reason.failure : failure('closed', 'no longer wanted');
}
