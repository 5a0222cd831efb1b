// The reactor that disconnects revoked devices. No other part updates the account's JWT at the broker. Each update contains the
// whole list of revocations.
import { z } from 'zod';
import { applicationAccountJwt } from '../../core/bus/credentials/credentials.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import { requireKnown } from '../../core/events/unhandled.js';
import { type DeviceId, deviceIdSchema } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import { GRANT_LIFETIME_MS } from '../handlers/grants.js';
import { whyUnknown } from '../host.js';
import type { RevocationList } from '../projections/revocations.js';

export interface RevocationsParts {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  /** The account's JWT with the current list of revocations. */
  readonly accountJwt: () => Promise<string>;
  /** Applies the JWT at the broker and stores it for the next start. */
  readonly enforce: (accountJwt: string) => Promise<void>;
  /** Ends the connections of the device that were opened at or before `time`. */
  readonly kick: (device: DeviceId, time: number) => void;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly schedule: Schedule;
}

/**
 * The broker's clock may be this far behind the tracker's. The broker then still accepts credentials that have expired by the
 * tracker's clock.
 */
const SLACK_MS = 5 * 60_000;

const revokedSchema = z.object({ device: deviceIdSchema });

/**
 * The account's JWT. It lists each revoked device until its void credentials have certainly expired, which limits the length of
 * the list.
 */
export async function currentAccountJwt(
  keyring: Keyring,
  revocations: Pick<RevocationList, 'since'>,
  clock: Clock,
): Promise<string> {
  const now = clock.now();
  const due = await revocations.since(now - GRANT_LIFETIME_MS - SLACK_MS);
  return applicationAccountJwt(keyring, now, due);
}

/** Runs until `signal` aborts. */
export function runRevocations({ accountJwt, enforce, kick, ...following }: RevocationsParts): Promise<void> {
  // The position up to which the broker has the revocations. One push covers all events that wait.
  let enforced = 0;
  return follow(following.store, {
    ...following,
    name: 'revocations',
    handle: async (event) => {
      requireKnown(event, whyUnknown);
      const { type, payload, position, recordedAt } = event;
      if (type !== 'DeviceRevoked') return;
      if (position > enforced) {
        const { position: head } = await following.store.head();
        await enforce(await accountJwt());
        enforced = head;
      }
      kick(revokedSchema.parse(payload).device, recordedAt);
    },
  });
}
