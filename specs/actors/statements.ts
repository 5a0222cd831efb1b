// Readers of the tracker's signed statements. Each checks the signature, by the key of the spec's tracker, and the purpose.
import { z } from 'zod';
import type { SigningKey } from '../../core/keys.js';
import { readStatement, type Signed, signedSchema } from '../../core/protocol/signed/signed.js';
import {
  type Introduction,
  introductionSchema,
  type Notice,
  noticeSchema,
  type Roster,
  rosterSchema,
} from '../../core/protocol/signed/statements.js';

type Public = Pick<SigningKey, 'publicKey'>;

function read<T>(
  { publicKey }: Public,
  purpose: 'introduction' | 'roster' | 'notice',
  schema: z.ZodType<T>,
  signed: unknown,
): T {
  const reading = readStatement(signedSchema.parse(signed), { purpose, publicKey, schema });
  if ('refusal' in reading) throw new Error(reading.refusal);
  return reading.value;
}

export const readIntroduction = (key: Public, signed: unknown): Introduction =>
  read(key, 'introduction', introductionSchema, signed);
export const readRoster = (key: Public, signed: unknown): Roster => read(key, 'roster', rosterSchema, signed);
export const readNotice = (key: Public, signed: unknown): Notice => read(key, 'notice', noticeSchema, signed);

const rosterOf = z.object({ roster: z.unknown() });

/** The roster in an answer to `CREATE` or `JOIN`. */
export const rosterIn = (key: Public, data: unknown): Roster => readRoster(key, rosterOf.parse(data).roster);

const introductionsOf = z.object({ introductions: z.array(signedSchema) });

/** The introductions in an answer to `PRIVATE`. */
export const introductionsIn = (key: Public, data: unknown): readonly Introduction[] =>
  introductionsOf.parse(data).introductions.map((signed: Signed) => readIntroduction(key, signed));
