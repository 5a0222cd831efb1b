// What a device gets that is enrolled: credentials for the broker, for a while.
import type { Clock } from '../../core/clock.js';
import type { DeviceId } from '../../core/ids.js';
import type { Grant } from '../../core/protocol/operations.js';
import type { Person } from '../../core/protocol/statements.js';

/** A device that is away for longer renews without a password. */
const LIFETIME_MS = 3_600_000;

/** Makes the broker's JWT for a device; times in milliseconds since the epoch. */
export type MintDeviceJwt = (claim: {
  readonly account: Person['account'];
  readonly device: DeviceId;
  readonly issuedAt: number;
  readonly expiresAt: number;
}) => string;

export type GrantTo = (person: Person, device: DeviceId) => Grant;

export function createGrants(mint: MintDeviceJwt, clock: Clock): GrantTo {
  return ({ account, username }, device) => {
    const issuedAt = clock.now();
    const expiresAt = issuedAt + LIFETIME_MS;
    return { account, username, device, jwt: mint({ account, device, issuedAt, expiresAt }), expiresAt };
  };
}
