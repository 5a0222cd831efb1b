// Requests to JetStream's API, with its errors as exceptions. It does not know streams and consumers.
import { z } from 'zod';
import type { Bus, Headers } from './bus.js';

export class StreamError extends Error {
  override readonly name = 'StreamError';

  /** @param code the broker's error number */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 5_000;

const failure = z.object({
  error: z.object({ err_code: z.int().default(0), description: z.string().default('no reason given') }),
});

export const isCode = (thrown: unknown, code: number): boolean =>
  thrown instanceof StreamError && thrown.code === code;

/** Rejects with a `BusError` if the broker cannot be reached, and with a `StreamError` if it refuses. */
export type AskJetStream = <T>(
  subject: string,
  data: Uint8Array,
  schema: z.ZodType<T>,
  headers?: Headers,
) => Promise<T>;

/** @param name what the requests are about, for the error message */
export function askJetStream(bus: Bus, name: string): AskJetStream {
  return async (subject, data, schema, headers) => {
    const answer = await bus.request(subject, data, { timeoutMs: TIMEOUT_MS, ...(headers && { headers }) });
    const said: unknown = JSON.parse(Buffer.from(answer).toString());
    const failed = failure.safeParse(said);
    if (!failed.success) return schema.parse(said);
    const { err_code, description } = failed.data.error;
    throw new StreamError(err_code, `${name}: ${description}`);
  };
}
