// The tables of accounts and their devices, as the events of accounts make them.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Projection } from '../../core/events/projector.js';
import type { Sql } from '../../core/events/sql.js';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';

const ofAccount = z.object({ account: accountIdSchema });
const ofDevice = ofAccount.extend({ device: deviceIdSchema });
const named = z.object({ username: z.string() });

/** Stands for a name that was redacted; its fold stays unique by the account's id. */
const REDACTED = 'redacted';

export const accountProjection: Projection = { name: 'accounts', apply };

async function apply(event: RecordedEvent, sql: Sql): Promise<void> {
  switch (event.type) {
    case 'AccountRegistered': {
      const { account } = ofAccount.parse(event.payload);
      const name = event.personal === null ? null : named.parse(event.personal).username;
      const folded = name === null ? account : foldName(name);
      await sql.run('INSERT INTO accounts (id, username, folded, registered_at) VALUES (?, ?, ?, ?)', [
        account,
        name ?? REDACTED,
        folded,
        event.recordedAt,
      ]);
      return;
    }
    case 'DeviceEnrolled': {
      const { account, device } = ofDevice.parse(event.payload);
      await sql.run('INSERT INTO devices (device, account, enrolled_at) VALUES (?, ?, ?)', [
        device,
        account,
        event.recordedAt,
      ]);
      return;
    }
    case 'DeviceRevoked': {
      const { device } = ofDevice.parse(event.payload);
      await sql.run('DELETE FROM devices WHERE device = ?', [device]);
      return;
    }
    default:
  }
}
