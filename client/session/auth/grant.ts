// A parser for the credentials in a tracker's answer. It dates them by this machine's clock, which may differ from the tracker's.
import { z } from 'zod';
import { deviceClaimsSchema } from '../../../core/bus/credentials/credentials.js';
import { readJwt } from '../../../core/bus/credentials/jwt.js';
import type { DeviceId } from '../../../core/ids.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import type { Enrolment } from '../../profile/record.js';
import type { TrackerClock } from '../../time/tracker-clock.js';

export type ReadGrant =
  | {
      readonly enrolment: Enrolment;
      /** When the tracker granted the login, by the tracker's clock, milliseconds since the epoch; exact to the second. */
      readonly issuedAt: number;
    }
  | { readonly fault: string };

const claimsSchema = deviceClaimsSchema.extend({ iat: z.int().positive() });
const grantedSchema = grantSchema.extend({ username: usernameSchema });

/**
 * The login that `response` grants to `device`, or the fault in the response.
 * @param nowMs when the answer arrived, by this machine's clock
 */
export function readGrant({ data }: Response, device: DeviceId, nowMs: number): ReadGrant {
  const grant = grantedSchema.safeParse(data);
  if (!grant.success) return { fault: explain(grant.error) };
  const { account, username, jwt } = grant.data;
  const read = readJwt(jwt, claimsSchema);
  if (!read.ok) return { fault: `the credentials cannot be read (${read.reason})` };
  const { sub, name, iat, exp } = read.claims;
  if (sub !== device || name !== account)
    return { fault: 'the credentials are for another device or account' };
  // Both times are rounded down to whole seconds. So the true lifetime may be up to one second shorter than their difference.
  const lifeMs = (exp - iat - 1) * 1000;
  if (lifeMs <= 0) return { fault: 'the credentials have already expired' };
  const enrolment = { account, username, jwt, grantedAt: nowMs, expiresAt: nowMs + lifeMs };
  return { enrolment, issuedAt: iat * 1000 };
}

/** Reads the tracker's time from a grant, if the answer does not contain the time. An older tracker sends such answers. */
export function learnTime(trackerClock: TrackerClock, { at }: Response, issuedAt: number): void {
  if (at === undefined) trackerClock.measure()(issuedAt);
}
