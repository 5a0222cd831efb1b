import test from 'ava';
import { integrationAggregate } from '../../../actors/integration/aggregate.js';
import type { IntegrationCommand } from '../../../actors/integration/commands.js';
import type { IntegrationEvent } from '../../../actors/integration/events.js';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import { integrationKeySchema, integrationNameSchema } from '../../../core/bus/integration/scope.js';
import { stories } from '../../support/decider.js';

type Expected = readonly IntegrationEvent[] | { readonly refused: string } | 'nothing';

const story = stories(integrationAggregate);
const newKey = () => integrationKeySchema.parse(createNKey('user').publicKey);
const name = integrationNameSchema.parse('audit');
const [first, second, third] = [newKey(), newKey(), newKey()];
const personal = { reason: 'nightly audit' };
const credentials = {
  scopes: ['events:rooms'],
  rooms: ['room-01HZZZZZZZZZZZZZZZZZZZZZZZ'],
  issuedAt: 1,
  expiresAt: null,
} as const;
const wider = { ...credentials, scopes: ['events:rooms', 'admin'], rooms: [], expiresAt: 2 } as const;

const granted: IntegrationEvent = {
  type: 'IntegrationGranted',
  name,
  from: 7,
  key: first,
  ...credentials,
  personal,
};
const rotated: IntegrationEvent = {
  type: 'IntegrationRotated',
  formerKey: first,
  key: second,
  ...wider,
  personal,
};
const revoked: IntegrationEvent = { type: 'IntegrationRevoked', key: second, personal };
const given = {
  unknown: [],
  granted: [granted, rotated],
  revoked: [granted, rotated, revoked],
} as const satisfies Record<string, readonly IntegrationEvent[]>;

const grant = { type: 'GrantIntegration', name, from: 7, key: third, ...credentials, personal } as const;
const regranted: IntegrationEvent = { ...grant, type: 'IntegrationGranted' };
const missing = { refused: 'INTEGRATION_NOT_FOUND' };

/** The result of each command in each state: unknown, granted, revoked. */
const table: Readonly<
  Record<IntegrationCommand['type'], readonly [IntegrationCommand, Expected, Expected, Expected]>
> = {
  GrantIntegration: [grant, [regranted], { refused: 'INTEGRATION_EXISTS' }, [regranted]],
  RotateIntegration: [
    { type: 'RotateIntegration', key: third, ...wider, personal },
    missing,
    [{ ...rotated, formerKey: second, key: third }],
    missing,
  ],
  RevokeIntegration: [{ type: 'RevokeIntegration', personal }, missing, [revoked], 'nothing'],
};

for (const [type, [command, ...expected]] of Object.entries(table)) {
  for (const [index, [state, events]] of Object.entries(given).entries()) {
    const expect = expected[index] ?? 'nothing';
    const then =
      expect === 'nothing'
        ? 'nothing changes'
        : 'refused' in expect
          ? expect.refused
          : expect.map((event) => event.type).join(', ');
    test(`integration: given state ${state}, when it receives ${type}, then ${then}`, story, {
      given: events,
      when: command,
      expect,
    });
  }
}

test(
  'integration: given one that was revoked and granted again, when it is revoked, then the new key is void',
  story,
  {
    given: [...given.revoked, regranted],
    when: table.RevokeIntegration[0],
    expect: [{ ...revoked, key: third }],
  },
);

test('integration: the table has every command and every state', (t) => {
  t.deepEqual(Object.keys(table).toSorted(), [...integrationAggregate.commands].toSorted());
  t.deepEqual(Object.keys(given), Object.keys(integrationAggregate.machine.root.states));
});
