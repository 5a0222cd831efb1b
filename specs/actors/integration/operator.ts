// The operator of a spec's tracker, who manages integrations as `partyline admin integration` does.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { connect, credsAuthenticator, NatsError } from 'nats';
import { withHome } from '../../../admin/home.js';
import {
  addIntegration,
  type IntegrationParts,
  revokeIntegration,
  rotateIntegration,
} from '../../../admin/integration/grant.js';
import type { Moment } from '../../../admin/moment.js';
import type { Tracker } from '../../../actors/tracker.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { integrationNameSchema, type Scope } from '../../../core/bus/integration/scope.js';
import { systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { temporaryFolder } from '../../support/folder.js';
import { until } from '../../support/until.js';

/** Everything that a third party gets. */
export interface Attachment {
  readonly server: string;
  readonly creds: string;
}

interface Wish {
  readonly rooms?: readonly string[];
  readonly since?: Moment;
  readonly lifetimeMs?: number;
}

export async function openOperator(
  t: ExecutionContext,
  { home, broker }: Tracker & { readonly home: string },
) {
  const folder = await temporaryFolder(t);
  const keyring = await openKeyring(home);
  const migrations = trackerMigrations.map((Migration) => new Migration().name);
  const change = <T>(work: (parts: IntegrationParts) => Promise<T>): Promise<T> =>
    withHome({ home, migrations, access: 'change' }, (opened) =>
      work({ home: opened, keyring, migrations: trackerMigrations, clock: systemClock, ids: systemIds }),
    );
  const common = (name: string, lifetimeMs?: number) => ({
    name: integrationNameSchema.parse(name),
    lifetimeMs: lifetimeMs ?? null,
    reason: 'spec',
    out: join(folder, `${name}-${randomUUID()}.creds`),
  });
  /** Resolves when the broker accepts the credentials: the running tracker applies a grant a moment later. */
  async function attached({ path }: { readonly path: string }): Promise<Attachment> {
    const attachment = { server: broker.url, creds: path };
    const authenticator = credsAuthenticator(await readFile(path));
    await until(async () => {
      try {
        await (await connect({ servers: broker.url, authenticator, reconnect: false })).close();
        return true;
      } catch (thrown) {
        if (thrown instanceof NatsError && /Authorization Violation/i.test(thrown.message)) return false;
        throw thrown;
      }
    }, 'the broker accepts the credentials');
    return attachment;
  }
  return {
    add: async (name: string, scopes: readonly Scope[], { rooms = [], since, lifetimeMs }: Wish = {}) =>
      attached(
        await change((parts) => addIntegration(parts, { ...common(name, lifetimeMs), scopes, rooms, since })),
      ),
    rotate: async (name: string, scopes?: readonly Scope[]) =>
      attached(
        await change((parts) => rotateIntegration(parts, { ...common(name), scopes, rooms: undefined })),
      ),
    revoke: (name: string) =>
      change((parts) => revokeIntegration(parts, integrationNameSchema.parse(name), 'spec')),
  };
}
