// Signed statements: what the tracker vouches for, so that nobody on the path can swap a peer's key.
import { z } from 'zod';
import type { Json } from '../../json.js';
import { isSignedBy, type SigningKey } from '../../keys.js';
import { explain } from '../envelope.js';
import { limits } from '../limits.js';

/** What a statement is about; a signature made for one purpose is worth nothing for another. */
type Purpose = 'introduction' | 'enrolment' | 'roster' | 'notice';

/** The statement exactly as it was signed (JSON text), and a base64url Ed25519 signature over its purpose and it. */
export const signedSchema = z.object({
  body: z
    .string()
    .max(limits.frameMaxBytes)
    // A lone surrogate has no bytes of its own: two bodies would have one signature.
    .refine((body) => body.isWellFormed(), 'A statement is well-formed Unicode.'),
  signature: z.base64url().length(86),
});
export type Signed = z.infer<typeof signedSchema>;

export type ReadStatement<T> = { readonly value: T } | { readonly refusal: string };

/** Signs `value` as a statement of `purpose`. */
export function signStatement(key: SigningKey, purpose: Purpose, value: Json): Signed {
  const body = JSON.stringify(value);
  return { body, signature: key.sign(signedText(purpose, body)).toString('base64url') };
}

/** The value of a statement if `publicKey` (32 bytes) signed it for `purpose` and it has the shape of `schema`. */
export function readStatement<T>(
  signed: Signed,
  expected: { readonly purpose: Purpose; readonly publicKey: Uint8Array; readonly schema: z.ZodType<T> },
): ReadStatement<T> {
  const signature = Buffer.from(signed.signature, 'base64url');
  if (!isSignedBy(expected.publicKey, signedText(expected.purpose, signed.body), signature)) {
    return { refusal: `the signature on the ${expected.purpose} is not the tracker's` };
  }
  const parsed = expected.schema.safeParse(parseJson(signed.body));
  return parsed.success
    ? { value: parsed.data }
    : { refusal: `the ${expected.purpose} cannot be read: ${explain(parsed.error)}` };
}

/** JSON from outside; `undefined`, which no schema accepts, when it is none. */
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
