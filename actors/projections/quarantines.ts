// The projection of quarantines into the table that readers of the log join with the events.
import type { Projection } from '../../core/events/derived/projector.js';
import {
  isOfQuarantine,
  quarantinePayload,
  quarantinePersonal,
} from '../../core/events/quarantine/quarantines.js';
import { upsertInto } from '../../core/events/sql/table.js';
import { quarantinedEvents } from '../../core/events/sql/tables.js';

export const quarantineProjection: Projection = {
  name: 'quarantines',
  async apply({ stream, position: changedBy, type, payload, personal }, sql) {
    if (!isOfQuarantine(stream)) return;
    const reason = personal === null ? '' : quarantinePersonal.parse(personal).reason;
    const isQuarantined = type === 'EventQuarantined';
    const row = { ...quarantinePayload.parse(payload), isQuarantined, changedBy, reason };
    await sql.run(...upsertInto(quarantinedEvents, row));
  },
};
