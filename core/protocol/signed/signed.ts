// Signed statements of the tracker, so that nobody on the path can replace a peer's key.
import { z } from 'zod';
import type { Json } from '../../json.js';
import { isSignedBy, type SigningKey } from '../../keys.js';
import { explain } from '../envelope.js';
import { limits } from '../limits.js';

/** The purpose of a statement. A signature for one purpose is invalid for all others. */
type Purpose = 'introduction' | 'enrolment' | 'roster' | 'notice' | 'log';

/** The signed statement (JSON text) and a base64url Ed25519 signature over its purpose and text. */
export const signedSchema = z.object({
  body: z
    .string()
    .max(limits.frameMaxBytes)
    // A lone surrogate has no UTF-8 encoding: two bodies would share one signature.
    .refine((body) => body.isWellFormed(), 'A statement must be well-formed Unicode.'),
  signature: z.base64url().length(86),
});
export type Signed = z.infer<typeof signedSchema>;

export type ReadStatement<T> = { readonly value: T } | { readonly refusal: string };

/** Signs `value` as a statement of `purpose`. */
export function signStatement(key: SigningKey, purpose: Purpose, value: Json): Signed {
  const body = JSON.stringify(value);
  return { body, signature: key.sign(signedText(purpose, body)).toString('base64url') };
}

/** Returns the value of a statement if `publicKey` (32 bytes) signed it for `purpose` and it matches `schema`. */
export function readStatement<T>(
  signed: Signed,
  expected: { readonly purpose: Purpose; readonly publicKey: Uint8Array; readonly schema: z.ZodType<T> },
): ReadStatement<T> {
  const signature = Buffer.from(signed.signature, 'base64url');
  if (!isSignedBy(expected.publicKey, signedText(expected.purpose, signed.body), signature)) {
    return { refusal: `the tracker did not sign the ${expected.purpose}` };
  }
  const parsed = expected.schema.safeParse(parseJson(signed.body));
  return parsed.success
    ? { value: parsed.data }
    : { refusal: `the ${expected.purpose} is not valid: ${explain(parsed.error)}` };
}

/** Parses JSON from outside. Returns `undefined`, which no schema accepts, for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const signedText = (purpose: Purpose, body: string): Buffer =>
  Buffer.from(`partyline/${purpose}/v1\0${body}`);
