// The state machine of the quarantine of one event of the log. It does not know the event.
import { setup } from 'xstate';
import { machineTypes, nothingToDo, record } from '../../core/actor/record.js';
import type { QuarantineCommand } from './commands.js';
import type { QuarantineDomainEvent, TargetEvent } from './events.js';

const targetOf = ({ position, stream, version }: TargetEvent): TargetEvent => ({ position, stream, version });

export const quarantineMachine = setup({
  types: machineTypes<Readonly<Record<string, never>>, QuarantineCommand, QuarantineDomainEvent, never>(),
}).createMachine({
  id: 'quarantine',
  context: {},
  initial: 'applied',
  states: {
    applied: {
      on: {
        QuarantineEvent: {
          actions: record(({ event }) => [
            { type: 'EventQuarantined', ...targetOf(event), personal: event.personal },
          ]),
        },
        ReleaseEvent: { actions: nothingToDo() },
        EventQuarantined: 'quarantined',
      },
    },
    quarantined: {
      on: {
        QuarantineEvent: { actions: nothingToDo() },
        ReleaseEvent: {
          actions: record(({ event }) => [
            { type: 'EventReleased', ...targetOf(event), personal: event.personal },
          ]),
        },
        EventReleased: 'applied',
      },
    },
  },
});
