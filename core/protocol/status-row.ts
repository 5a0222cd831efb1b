// One row of the table of outcomes.

export interface StatusRow {
  readonly code: number;
  readonly phrase: string;
  /** The meaning in one sentence. */
  readonly meaning: string;
  /** Whether the same request can succeed later without any change by a person. */
  readonly isRetryable: boolean;
  /** The remedy, for a person; empty on success. */
  readonly remedy: string;
}

export function done<const C extends number, const P extends string>(code: C, phrase: P, meaning: string) {
  return { code, phrase, meaning, isRetryable: false, remedy: '' };
}

export function failed<const C extends number, const P extends string>(
  code: C,
  phrase: P,
  meaning: string,
  remedy: string,
  isRetryable = false,
) {
  return { code, phrase, meaning, isRetryable, remedy };
}
