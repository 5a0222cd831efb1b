// The events of an integration. A reason is personal data; `evolve` does not read it.
import type { IntegrationKey, IntegrationName } from '../../core/bus/integration/scope.js';
import type { NewCredentials } from './commands.js';

interface Reasoned {
  readonly personal: { readonly reason: string };
}

export type IntegrationEvent =
  /** `from`: the position of the first event that it may read. */
  | ({
      readonly type: 'IntegrationGranted';
      readonly name: IntegrationName;
      readonly from: number;
    } & NewCredentials &
      Reasoned)
  /** The credentials with the key `formerKey` are void. */
  | ({ readonly type: 'IntegrationRotated'; readonly formerKey: IntegrationKey } & NewCredentials & Reasoned)
  | ({ readonly type: 'IntegrationRevoked'; readonly key: IntegrationKey } & Reasoned);
