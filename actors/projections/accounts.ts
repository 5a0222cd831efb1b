// The projection of account events into the tables of accounts and devices.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Projection } from '../../core/events/derived/projector.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { insertInto } from '../../core/events/sql/table.js';
import { type AccountId, accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';
import { accounts, devices } from './tables.js';

const ofAccount = z.object({ account: accountIdSchema });
const ofDevice = ofAccount.extend({ device: deviceIdSchema });
const named = z.object({ username: z.string() });

const called = z.object({ name: z.string() });
const because = z.object({ reason: z.string() });

/** The name shown for a device that has no name or whose name was redacted. */
export const NAMELESS = 'terminal';

const SHOWN_CHARACTERS = 8;

/**
 * The name that replaces a redacted name. It differs for each account. The folded name is then the account's id, so that no
 * request can name the account.
 */
export const redactedName = (account: string): string =>
  `redacted-${account.slice(-SHOWN_CHARACTERS).toLowerCase()}`;

export const accountProjection: Projection = { name: 'accounts', apply };

async function apply(event: RecordedEvent, sql: Sql): Promise<void> {
  switch (event.type) {
    case 'AccountRegistered': {
      const { account } = ofAccount.parse(event.payload);
      const { username, folded } = nameIn(event, account);
      const at = event.recordedAt;
      await sql.run(
        ...insertInto(accounts, { id: account, username, folded, registeredAt: at, namedAt: at }),
      );
      return;
    }
    case 'UsernameChanged': {
      const { account } = ofAccount.parse(event.payload);
      const { username, folded } = nameIn(event, account);
      await sql.run(
        `UPDATE accounts SET username = ?, folded = ?,
           named_at = CASE WHEN named_at < ? THEN ? ELSE named_at + 1 END
         WHERE id = ?`,
        [username, folded, event.recordedAt, event.recordedAt, account],
      );
      return;
    }
    case 'DeviceEnrolled': {
      const { account, device } = ofDevice.parse(event.payload);
      const name = event.personal === null ? NAMELESS : called.parse(event.personal).name;
      await sql.run(...insertInto(devices, { device, account, enrolledAt: event.recordedAt, name }));
      return;
    }
    case 'DeviceRevoked': {
      const { device } = ofDevice.parse(event.payload);
      await sql.run('DELETE FROM devices WHERE device = ?', [device]);
      return;
    }
    case 'AccountDisabled': {
      const { account } = ofAccount.parse(event.payload);
      // Empty if no reason is given or it was redacted.
      const reason = event.personal === null ? '' : because.parse(event.personal).reason;
      await sql.run('UPDATE accounts SET disabled_position = ?, disabled_reason = ? WHERE id = ?', [
        event.position,
        reason,
        account,
      ]);
      return;
    }
    case 'AccountEnabled': {
      const { account } = ofAccount.parse(event.payload);
      await sql.run('UPDATE accounts SET disabled_position = NULL, disabled_reason = NULL WHERE id = ?', [
        account,
      ]);
      return;
    }
    default:
  }
}

function nameIn({ personal }: RecordedEvent, account: AccountId) {
  if (personal === null) return { username: redactedName(account), folded: account };
  const { username } = named.parse(personal);
  return { username, folded: foldName(username) };
}
