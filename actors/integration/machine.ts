// The state machine of one integration: unknown, granted with the key of its current credentials, or revoked. A revoked integration
// can be granted again.
import { assign, setup } from 'xstate';
import { machineTypes, nothingToDo, record, refuse } from '../../core/actor/record.js';
import type { IntegrationKey } from '../../core/bus/integration/scope.js';
import type { IntegrationCommand } from './commands.js';
import type { IntegrationEvent } from './events.js';

interface IntegrationContext {
  /** The key of the current credentials; null if there are none. */
  readonly key: IntegrationKey | null;
}

type IntegrationRefusal = 'INTEGRATION_EXISTS' | 'INTEGRATION_NOT_FOUND';

const granted = ({
  event,
}: {
  readonly event: Extract<IntegrationCommand, { readonly type: 'GrantIntegration' }>;
}): readonly IntegrationEvent[] => [{ ...event, type: 'IntegrationGranted' }];

export const integrationMachine = setup({
  types: machineTypes<IntegrationContext, IntegrationCommand, IntegrationEvent, IntegrationRefusal>(),
}).createMachine({
  id: 'integration',
  context: { key: null },
  initial: 'unknown',
  states: {
    unknown: {
      on: {
        GrantIntegration: { actions: record(granted) },
        RotateIntegration: { actions: refuse('INTEGRATION_NOT_FOUND') },
        RevokeIntegration: { actions: refuse('INTEGRATION_NOT_FOUND') },
        IntegrationGranted: { target: 'granted', actions: assign({ key: ({ event }) => event.key }) },
      },
    },
    granted: {
      on: {
        GrantIntegration: { actions: refuse('INTEGRATION_EXISTS') },
        RotateIntegration: {
          actions: record(({ context: { key }, event }) =>
            key === null ? [] : [{ ...event, type: 'IntegrationRotated', formerKey: key }],
          ),
        },
        RevokeIntegration: {
          actions: record(({ context: { key }, event: { personal } }) =>
            key === null ? [] : [{ type: 'IntegrationRevoked', key, personal }],
          ),
        },
        IntegrationRotated: { actions: assign({ key: ({ event }) => event.key }) },
        IntegrationRevoked: { target: 'revoked', actions: assign({ key: null }) },
      },
    },
    revoked: {
      on: {
        GrantIntegration: { actions: record(granted) },
        RotateIntegration: { actions: refuse('INTEGRATION_NOT_FOUND') },
        RevokeIntegration: { actions: nothingToDo() },
        IntegrationGranted: { target: 'granted', actions: assign({ key: ({ event }) => event.key }) },
      },
    },
  },
});
