// Admission to the broker: as a guest with self-signed credentials, or as a device with credentials from the tracker.
import type { Bus } from '../../../core/bus/bus.js';
import type { BusOptions } from '../../../core/bus/connection/connection.js';
import { guestAccountOf, guestJwt } from '../../../core/bus/credentials/credentials.js';
import { type NKey, nkeyFromKey, nkeyFromSeed, rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import type { BusEvent } from '../../../core/bus/connection/bus-event.js';
import { deviceInbox, guestInbox } from '../../../core/bus/subjects.js';
import type { Clock } from '../../../core/time/clock.js';
import { OperatorError } from '../../../core/errors.js';
import { deviceIdSchema } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Invite } from '../../../core/protocol/invite.js';
import type { Profile } from '../../profile/profile.js';
import type { Role } from '../connection/gate.js';

/** Opens a connection. This is `connectBus`, except in specs. */
export type Connect = (options: BusOptions) => Promise<Bus>;

/** Connects as `role`. Throws a `BusError` when it fails. */
export type Admit = (role: Role, onStatus: (status: BusEvent) => void) => Promise<Bus>;

/** The broker's address as the invite writes it. */
export const brokerOf = ({ host, port }: Invite): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Throws an `OperatorError` if the guest key of the invite is not a key. */
export function createAdmission(profile: Profile, connect: Connect, clock: Clock, log: Log): Admit {
  const guestSigning = guestKeyOf(profile.invite);
  const guestAccount = guestAccountOf(rawPublicKey(guestSigning.publicKey));
  return (role, onStatus) => {
    const key = nkeyFromKey('user', profile.device);
    const device = deviceIdSchema.parse(key.publicKey);
    const asGuest = (): string => guestJwt({ device, guestAccount, issuedAt: clock.now() }, guestSigning);
    // The JWT is read at each connect, so that the next connection uses a renewed one.
    const asDevice = (): string => profile.enrolment?.jwt ?? '';
    return connect({
      servers: `nats://${brokerOf(profile.invite)}`,
      pin: profile.invite.tls,
      credentials: { key, jwt: role === 'guest' ? asGuest : asDevice },
      inboxPrefix: role === 'guest' ? guestInbox(device) : deviceInbox(device),
      name: `partyline terminal (${role})`,
      log,
      onStatus,
    });
  };
}

function guestKeyOf({ guest }: Invite): NKey {
  try {
    return nkeyFromSeed(guest);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OperatorError(
      'The invite is incomplete or mistyped: its "guest" is not a key.',
      'Copy the whole invite, or ask the operator of the tracker for it again.',
    );
  }
}
