// What a request handler is, and what all of them share.
import type { z } from 'zod';
import { type Answer, explain, type Request } from '../../core/protocol/envelope.js';
import type { Family } from '../../core/protocol/status.js';
import type { Caller } from '../caller.js';

/** Answers one title's requests of a device that is logged in. */
export type Handler<F extends Family> = (caller: Caller, request: Request) => Promise<Answer<F>>;

interface Invalid {
  readonly phrase: 'INVALID_COMMAND';
  readonly message: string;
}

/** The data of a request, or the answer to data that is malformed. */
export function parseData<T>(
  schema: z.ZodType<T>,
  request: Request,
): { readonly data: T } | { readonly invalid: Invalid } {
  const parsed = schema.safeParse(request.data);
  if (parsed.success) return { data: parsed.data };
  return {
    invalid: { phrase: 'INVALID_COMMAND', message: `The data does not fit: ${explain(parsed.error)}` },
  };
}
