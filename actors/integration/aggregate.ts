// The integration aggregate: its commands, events and versions. Its id is its name, so it reserves no name.
import { defineAggregate } from '../../core/actor/aggregate.js';
import { InvariantError } from '../../core/errors.js';
import { integrationMachine } from './machine.js';

export const operatorIntegrationCommands = [
  'GrantIntegration',
  'RotateIntegration',
  'RevokeIntegration',
] as const;

export const integrationAggregate = defineAggregate({
  kind: 'integration',
  machine: integrationMachine,
  commands: operatorIntegrationCommands,
  events: { IntegrationGranted: 1, IntegrationRotated: 1, IntegrationRevoked: 1 },
  machineVersion: 1,
  reservations: () => [],
  reserved({ kind, name }) {
    throw new InvariantError(`an integration reserves no name, but ${kind} "${name}" is taken`);
  },
});
