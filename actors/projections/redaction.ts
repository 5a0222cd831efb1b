// The derived rows of a redacted event: their texts become those that the projections would derive from the redacted log.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import { isOfQuarantine } from '../../core/events/quarantine/quarantines.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { NAMELESS, redactedName } from './accounts.js';
import { REDACTED_ROOM } from './rooms.js';

type Redacted = Pick<RecordedEvent, 'position' | 'stream' | 'type' | 'payload' | 'recordedAt'>;

const ofAccount = z.object({ account: z.string() });
const ofDevice = z.object({ device: z.string() });

/** Whether a later event of the type in the same stream has replaced the text. */
const LATER = (type: string): string =>
  `EXISTS (SELECT 1 FROM events WHERE stream = ? AND position > ? AND type = '${type}')`;
/** Like `LATER`, but the payload must also be the same. It names the account and the device. */
const LATER_OF_DEVICE = (type: string): string =>
  `EXISTS (SELECT 1 FROM events WHERE stream = ? AND position > ? AND type = '${type}' AND payload = ?)`;
const RENAME = `UPDATE accounts SET username = ?, folded = id
  WHERE id = ? AND NOT ${LATER('UsernameChanged')}`;
const RENAME_DEVICE = `UPDATE devices SET name = ? WHERE device = ? AND account = ? AND enrolled_at = ?
  AND NOT ${LATER_OF_DEVICE('DeviceEnrolled')}`;
const CLEAR_REVOCATION = `UPDATE revocations SET reason = NULL WHERE device = ? AND account = ? AND revoked_at = ?
  AND NOT ${LATER_OF_DEVICE('DeviceRevoked')}`;
const RENAME_ROOM = 'UPDATE rooms SET name = ?, folded = id WHERE id = ?';
const CLEAR_TOPIC = `UPDATE rooms SET topic = '' WHERE id = ? AND NOT ${LATER('TopicChanged')}`;
const CLEAR_QUARANTINE = "UPDATE quarantined_events SET reason = '' WHERE changed_by = ?";
const CLEAR_REASON = `UPDATE accounts SET disabled_reason = '' WHERE id = ? AND disabled_position = ?`;

/** Changes the rows that reflect the event, in the transaction that removes its personal part. */
export async function redactRows(
  { position, stream, type, payload, recordedAt }: Redacted,
  sql: Sql,
): Promise<void> {
  if (isOfQuarantine(stream)) await sql.run(CLEAR_QUARANTINE, [position]);
  const account = ofAccount.safeParse(payload).data?.account;
  if (account === undefined) return;
  switch (type) {
    case 'AccountRegistered':
    case 'UsernameChanged':
      await sql.run(RENAME, [redactedName(account), account, stream, position]);
      return;
    case 'DeviceEnrolled': {
      const { device } = ofDevice.parse(payload);
      const later = [stream, position, JSON.stringify(payload)];
      await sql.run(RENAME_DEVICE, [NAMELESS, device, account, recordedAt, ...later]);
      return;
    }
    case 'DeviceRevoked': {
      const { device } = ofDevice.parse(payload);
      const later = [stream, position, JSON.stringify(payload)];
      await sql.run(CLEAR_REVOCATION, [device, account, recordedAt, ...later]);
      return;
    }
    case 'AccountDisabled':
      await sql.run(CLEAR_REASON, [account, position]);
      return;
    case 'RoomCreated':
      await sql.run(RENAME_ROOM, [REDACTED_ROOM, stream]);
      return;
    case 'TopicChanged':
      await sql.run(CLEAR_TOPIC, [stream, stream, position]);
      return;
    default:
  }
}
