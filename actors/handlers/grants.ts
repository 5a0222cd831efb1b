// The grants of enrolled devices: credentials for the broker with a limited lifetime.
import type { Clock } from '../../core/time/clock.js';
import type { DeviceId } from '../../core/ids.js';
import type { Grant } from '../../core/protocol/operations.js';
import type { Person } from '../../core/protocol/signed/statements.js';
import type { Directory } from '../projections/directory.js';
import type { RevocationList } from '../projections/revocations.js';

/** A device that was offline for longer renews its grant, without a password. */
export const GRANT_LIFETIME_MS = 3_600_000;

/** Makes the broker's JWT for a device; times in milliseconds since the epoch. */
export type MintDeviceJwt = (claim: {
  readonly account: Person['account'];
  readonly device: DeviceId;
  readonly issuedAt: number;
  readonly expiresAt: number;
}) => string;

/** Null if the device is not, or no longer, enrolled under that account. */
export type GrantTo = (person: Person, device: DeviceId) => Promise<Grant | null>;

export interface GrantParts {
  readonly mint: MintDeviceJwt;
  readonly directory: Pick<Directory, 'ownerOf'>;
  readonly revocations: Pick<RevocationList, 'earliestGrant'>;
  readonly clock: Clock;
}

export function createGrants({ mint, directory, revocations, clock }: GrantParts): GrantTo {
  return async ({ account, username }, device) => {
    const issuedAt = Math.max(clock.now(), await revocations.earliestGrant(device));
    // The enrolment is read after `issuedAt` is chosen: a revocation that comes later makes this grant void.
    if ((await directory.ownerOf(device)) !== account) return null;
    const expiresAt = issuedAt + GRANT_LIFETIME_MS;
    return { account, username, device, jwt: mint({ account, device, issuedAt, expiresAt }), expiresAt };
  };
}
