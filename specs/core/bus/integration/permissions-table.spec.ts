// The permissions table of integrations: which scope allows which subject. Each cell is checked against every nats-server version
// available on this machine.
import test, { type ExecutionContext } from 'ava';
import { pushAccount } from '../../../../core/bus/credentials/account.js';
import type { Credentials } from '../../../../core/bus/credentials/credentials.js';
import { createNKey } from '../../../../core/bus/credentials/nkey.js';
import { integrationAccountJwt, integrationJwt } from '../../../../core/bus/integration/credentials.js';
import { systemIds } from '../../../../core/ids.js';
import { until } from '../../../support/until.js';
import { spell } from '../../../../core/bus/broker/version.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import {
  integrationKeySchema,
  ROOM_SCOPES,
  type Scope,
  SCOPES,
} from '../../../../core/bus/integration/scope.js';
import { everyNats, type TestBroker, testBroker } from '../../../support/bus/broker.js';
import { newIntegrationName, testIntegration } from '../../../support/bus/integration.js';
import { type Rights, rightsOf } from '../../../support/bus/rights.js';
import { newAccountId } from '../../../support/identities.js';

/**
 * Names: n is the integration and o another one. R and Q are rooms, A an account. Each column is an integration with one scope; the
 * column `#R` has the three scopes about rooms, narrowed to R. In a cell, P means that it may publish, S that it may subscribe.
 */
const TABLE = `
subject                                               events:rooms  events:accounts  presence:read  rooms:read  rooms:moderate  accounts:read  admin  #R
partyline.api.CONSUMER.INFO.EVENTS.n-rooms            P-            --               --             --          --              --             --     P-
partyline.api.CONSUMER.MSG.NEXT.EVENTS.n-rooms        P-            --               --             --          --              --             --     P-
$JS.ACK.EVENTS.n-rooms.1.1.1.1.0                      P-            --               --             --          --              --             --     P-
partyline.api.CONSUMER.INFO.EVENTS.n-accounts         --            P-               --             --          --              --             --     --
partyline.api.CONSUMER.MSG.NEXT.EVENTS.n-accounts     --            P-               --             --          --              --             --     --
$JS.ACK.EVENTS.n-accounts.1.1.1.1.0                   --            P-               --             --          --              --             --     --
partyline.api.CONSUMER.INFO.EVENTS.o-rooms            --            --               --             --          --              --             --     --
partyline.api.CONSUMER.MSG.NEXT.EVENTS.o-rooms        --            --               --             --          --              --             --     --
$JS.ACK.EVENTS.o-rooms.1.1.1.1.0                      --            --               --             --          --              --             --     --
partyline.api.CONSUMER.DURABLE.CREATE.EVENTS.n-rooms  --            --               --             --          --              --             --     --
partyline.api.CONSUMER.DELETE.EVENTS.n-rooms          --            --               --             --          --              --             --     --
partyline.api.STREAM.INFO.EVENTS                      --            --               --             --          --              --             --     --
$JS.API.CONSUMER.MSG.NEXT.EVENTS.n-rooms              --            --               --             --          --              --             --     --
$JS.API.STREAM.DELETE.EVENTS                          --            --               --             --          --              --             --     --
$JS.API.INFO                                          --            --               --             --          --              --             --     --
events.room.R                                         --            --               --             --          --              --             --     --
presence.A                                            --            --               -S             --          --              --             --     --
integration.n.presence.read.all.snapshot              --            --               P-             --          --              --             --     --
integration.n.rooms.read.all.list                     --            --               --             P-          --              --             --     --
integration.n.rooms.read.R.members                    --            --               --             P-          --              --             --     P-
integration.n.rooms.read.Q.members                    --            --               --             P-          --              --             --     --
integration.n.rooms.moderate.R.remove                 --            --               --             --          P-              --             --     P-
integration.n.rooms.moderate.Q.remove                 --            --               --             --          P-              --             --     --
integration.n.accounts.read.A.show                    --            --               --             --          --              P-             --     --
integration.n.admin.show                              --            --               --             --          --              --             P-     --
integration.o.rooms.read.all.list                     --            --               --             --          --              --             --     --
integration.o.rooms.moderate.R.remove                 --            --               --             --          --              --             --     --
integration.o.admin.show                              --            --               --             --          --              --             --     --
$SRV.PING                                             --            --               P-             P-          P-              P-             P-     P-
$SRV.INFO.partyline                                   --            --               P-             P-          P-              P-             P-     P-
tracker.cmd.A.x.sync                                  --            --               --             --          --              --             --     --
user.A.notice                                         --            --               --             --          --              --             --     --
$SYS.REQ.CLAIMS.UPDATE                                --            --               --             --          --              --             --     --
_INBOX.x                                              -S            -S               -S             -S          -S              -S             -S     -S
_R_.x.y                                               --            --               --             --          --              --             --     --
>                                                     --            --               --             --          --              --             --     --
*                                                     --            --               --             --          --              --             --     --
partyline.>                                           --            --               --             --          --              --             --     --
partyline.api.>                                       --            --               --             --          --              --             --     --
partyline.api.CONSUMER.*.EVENTS.n-rooms               --            --               --             --          --              --             --     --
partyline.api.CONSUMER.INFO.EVENTS.*                  --            --               --             --          --              --             --     --
$JS.ACK.EVENTS.n-rooms.>                              P-            --               --             --          --              --             --     P-
$JS.ACK.>                                             --            --               --             --          --              --             --     --
$JS.API.>                                             --            --               --             --          --              --             --     --
events.>                                              --            --               --             --          --              --             --     --
presence.*                                            --            --               -S             --          --              --             --     --
presence.>                                            --            --               -S             --          --              --             --     --
integration.>                                         --            --               --             --          --              --             --     --
integration.n.>                                       --            --               --             --          --              --             --     --
integration.*.rooms.read.R.members                    --            --               --             --          --              --             --     --
integration.n.rooms.read.*.*                          --            --               --             P-          --              --             --     --
integration.n.rooms.read.R.*                          --            --               --             P-          --              --             --     P-
integration.n.rooms.moderate.*.*                      --            --               --             --          P-              --             --     --
integration.n.admin.*                                 --            --               --             --          --              --             P-     --
$SRV.>                                                --            --               P-             P-          P-              P-             P-     P-
$SYS.>                                                --            --               --             --          --              --             --     --
_INBOX.>                                              -S            -S               -S             -S          -S              -S             -S     -S
_INBOX_events.>                                       --            --               --             --          --              --             --     --
`;

const SUBJECT_WIDTH = 52;
const NARROWED = '#R';
const COLUMNS = [...SCOPES, NARROWED] as const;

const subjects = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(' ', 1)[0] ?? '');

// This is awaited before the first title, because AVA requires all titles to be declared together.
const every = await everyNats();

for (const nats of every) {
  test(`integration permissions: nats-server ${spell(nats.version)} allows exactly what the table says`, async (t) => {
    const broker = await testBroker(t, { nats });
    const [room, otherRoom] = [systemIds.next(), systemIds.next()];
    const account = newAccountId();
    const other = await testIntegration(broker, SCOPES);
    const cells = new Map<string, Rights>();
    for (const column of COLUMNS) {
      const scopes: readonly Scope[] = column === NARROWED ? ROOM_SCOPES : [column];
      const rooms = column === NARROWED ? [`room-${room}`] : [];
      const { name, credentials } = await testIntegration(broker, scopes, { rooms });
      const names: Readonly<Record<string, string>> = {
        n: name,
        o: other.name,
        R: room,
        Q: otherRoom,
        A: account,
      };
      const real = (subject: string): string =>
        subject.replace(/(?<=^|\.)[noRQA](?=\.|-|$)/g, (one) => names[one] ?? one);
      const bus = await broker.connect({ credentials, inboxPrefix: '_INBOX' });
      cells.set(column, await rightsOf(bus, subjects, real));
    }
    const lines = subjects.map((subject) => {
      const row = COLUMNS.map((column) => (cells.get(column)?.get(subject) ?? '?').padEnd(column.length));
      return [subject.padEnd(SUBJECT_WIDTH), ...row].join('  ').trimEnd();
    });
    t.is([['subject'.padEnd(SUBJECT_WIDTH), ...COLUMNS].join('  '), ...lines].join('\n'), TABLE.trim());
  });

  test(`integration permissions: nats-server ${spell(nats.version)} refuses forged, stolen, expired and void credentials`, async (t) => {
    const broker = await testBroker(t, { nats });
    const { keyring } = broker;
    const good = await testIntegration(broker, ['admin']);
    const forgedKeyring = { ...keyring, accountSigning: keyring.guestSigning };
    const key = createNKey('user');
    const grant = {
      name: good.name,
      key: integrationKeySchema.parse(key.publicKey),
      scopes: ['admin'],
      rooms: [],
      issuedAt: Date.now(),
      expiresAt: null,
    } as const;
    const forged = { key, jwt: () => integrationJwt(grant, forgedKeyring) };
    const stolen = { ...good.credentials, key: createNKey('user') };
    const expired = await testIntegration(broker, ['admin'], { lifetimeMs: -1_000 });
    const unknownName = { ...grant, name: newIntegrationName() };
    const unknown = { key, jwt: () => integrationJwt(unknownName, keyring) };
    for (const credentials of [forged, stolen, expired.credentials, unknown])
      await refused(t, broker, credentials);
    const bus = await broker.connect({ credentials: good.credentials, inboxPrefix: '_INBOX' });
    const statuses: string[] = [];
    bus.onStatus(({ type }) => void statuses.push(type));
    const voidKeys = new Map([[good.key, Date.now() + 60_000]]);
    const account = {
      name: good.name,
      scoped: { scopes: grant.scopes, rooms: [] },
      hasConsumers: true,
      voidKeys,
    };
    await pushAccount(await broker.system(), integrationAccountJwt(keyring, Date.now(), account));
    await until(() => statuses.includes('unauthorized'), 'the integration is disconnected');
    await refused(t, broker, good.credentials);
  });
}

async function refused(
  t: ExecutionContext,
  { connect }: TestBroker,
  credentials: Credentials,
): Promise<void> {
  const error = await t.throwsAsync(connect({ credentials, inboxPrefix: '_INBOX' }), {
    instanceOf: BusError,
  });
  t.is(error?.kind, 'unauthorized');
}
