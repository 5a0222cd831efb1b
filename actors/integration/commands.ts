// The commands to an integration. Only the operator sends them. The reason is personal data.
import type { IntegrationKey, IntegrationName, Scoped } from '../../core/bus/integration/scope.js';

/** New credentials: their public key, scope and times in milliseconds since the epoch. */
export interface NewCredentials extends Scoped {
  readonly key: IntegrationKey;
  readonly issuedAt: number;
  /** Null: the credentials do not expire. */
  readonly expiresAt: number | null;
}

interface Reasoned {
  readonly personal: { readonly reason: string };
}

export type IntegrationCommand =
  /** `from`: the position of the first event that it may read. */
  | ({
      readonly type: 'GrantIntegration';
      readonly name: IntegrationName;
      readonly from: number;
    } & NewCredentials &
      Reasoned)
  /** The earlier credentials become void. */
  | ({ readonly type: 'RotateIntegration' } & NewCredentials & Reasoned)
  | ({ readonly type: 'RevokeIntegration' } & Reasoned);
