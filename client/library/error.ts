// The error that the library throws. Outcomes of actions are values, not errors.

/** A failure that ends the bot or needs its operator: refused options, a refused login, an unusable history, a closed chat. */
export class PartylineError extends Error {
  override readonly name: string = 'PartylineError';
  /** What the operator can do; empty if nothing is known. */
  readonly remedy: string;
  /** The code of the status table (docs/reference/errors.md); null if the failure has no code. */
  readonly status: number | null;
  /** The phrase of the status table; null if the failure has no phrase. */
  readonly phrase: string | null;

  constructor(
    message: string,
    remedy: string,
    answer: { readonly status: number; readonly phrase: string } | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.remedy = remedy;
    this.status = answer?.status ?? null;
    this.phrase = answer?.phrase ?? null;
  }
}
