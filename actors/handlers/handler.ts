// The type of a request handler, and the parsing that all handlers share.
import type { z } from 'zod';
import { type Answer, explain, type Request } from '../../core/protocol/envelope.js';
import type { Family } from '../../core/protocol/status.js';
import type { Caller } from '../caller.js';

/** Answers the requests with one title from a logged-in device. */
export type Handler<F extends Family> = (caller: Caller, request: Request) => Promise<Answer<F>>;

interface Invalid {
  readonly phrase: 'INVALID_COMMAND';
  readonly message: string;
}

/** The parsed data of a request, or the answer to malformed data. */
export function parseData<T>(
  schema: z.ZodType<T>,
  request: Request,
): { readonly data: T } | { readonly invalid: Invalid } {
  const parsed = schema.safeParse(request.data);
  if (parsed.success) return { data: parsed.data };
  return {
    invalid: { phrase: 'INVALID_COMMAND', message: `The request data is invalid: ${explain(parsed.error)}` },
  };
}
