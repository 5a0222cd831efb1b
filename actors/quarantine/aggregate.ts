// The quarantine aggregate: one for each event of the log that was ever quarantined. Its id is the position of that event, so that
// an unreadable event of one quarantine does not affect the others.
import { defineAggregate } from '../../core/actor/aggregate.js';
import { InvariantError } from '../../core/errors.js';
import { QUARANTINE, QUARANTINE_SCHEMA } from '../../core/events/quarantine/quarantines.js';
import type { QuarantineCommand } from './commands.js';
import { quarantineMachine } from './machine.js';

/** Only the operator sends commands to it. */
export const operatorQuarantineCommands = [
  'QuarantineEvent',
  'ReleaseEvent',
] as const satisfies readonly QuarantineCommand['type'][];

export const quarantineAggregate = defineAggregate({
  kind: QUARANTINE,
  machine: quarantineMachine,
  commands: operatorQuarantineCommands,
  events: { EventQuarantined: QUARANTINE_SCHEMA, EventReleased: QUARANTINE_SCHEMA },
  machineVersion: 1,
  reservations: () => [],
  reserved({ kind }) {
    throw new InvariantError(`a quarantine reserves no name of the kind ${kind}`);
  },
});
