// The credentials in a tracker's answer: read, and dated by this machine's clock, which may differ from the tracker's.
import { z } from 'zod';
import { deviceClaimsSchema } from '../../../core/bus/credentials/credentials.js';
import { readJwt } from '../../../core/bus/credentials/jwt.js';
import type { DeviceId } from '../../../core/ids.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import type { Enrolment } from '../../profile/record.js';

export type ReadGrant = { readonly enrolment: Enrolment } | { readonly fault: string };

const claimsSchema = deviceClaimsSchema.extend({ iat: z.int().positive() });
const grantedSchema = grantSchema.extend({ username: usernameSchema });

/**
 * What `response` grants to `device`, or what is wrong with it.
 * @param nowMs when the answer came, by this machine's clock
 */
export function readGrant({ data }: Response, device: DeviceId, nowMs: number): ReadGrant {
  const grant = grantedSchema.safeParse(data);
  if (!grant.success) return { fault: explain(grant.error) };
  const { account, username, jwt } = grant.data;
  const read = readJwt(jwt, claimsSchema);
  if (!read.ok) return { fault: `the credentials cannot be read (${read.reason})` };
  const { sub, name, iat, exp } = read.claims;
  if (sub !== device || name !== account) return { fault: 'the credentials are for somebody else' };
  // Both are whole seconds, rounded down: the life may be up to a second shorter than their difference.
  const lifeMs = (exp - iat - 1) * 1000;
  if (lifeMs <= 0) return { fault: 'the credentials are void already' };
  return { enrolment: { account, username, jwt, grantedAt: nowMs, expiresAt: nowMs + lifeMs } };
}
