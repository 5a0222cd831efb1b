// The permissions table: which client may publish and subscribe to which subject. Each cell is checked against every nats-server
// version available on this machine.
import test, { type ExecutionContext } from 'ava';
import { pushAccount } from '../../../core/bus/credentials/account.js';
import { spell } from '../../../core/bus/broker/version.js';
import { applicationAccountJwt } from '../../../core/bus/credentials/credentials.js';
import { BusError } from '../../../core/bus/connection/failure.js';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import { deviceCredentials, everyNats, type TestBroker, testBroker } from '../../support/bus/broker.js';
import { type Rights, rightsOf } from '../../support/bus/rights.js';
import { newAccountId, newDeviceId } from '../../support/identities.js';

/**
 * Columns and names: A and B are accounts. D is the device. S is its sibling, another device of A. E is a stranger, a
 * device of B. G and H are guests. The columns forged, stolen, expired and revoked use credentials of D. In a cell, P
 * means that the client may publish, S that it may subscribe, - that it may not, and x that it cannot connect.
 */
const TABLE = `
subject                   guest G  device D  sibling S  stranger E  forged  stolen  expired  revoked
tracker.auth.G.login      P-       --        --         --          x       x       x        x
tracker.auth.H.login      --       --        --         --          x       x       x        x
tracker.auth.D.renew      --       --        --         --          x       x       x        x
tracker.cmd.A.D.sync      --       P-        --         --          x       x       x        x
tracker.cmd.A.S.sync      --       --        P-         --          x       x       x        x
tracker.cmd.A.E.sync      --       --        --         --          x       x       x        x
tracker.cmd.B.D.sync      --       --        --         --          x       x       x        x
tracker.cmd.B.E.sync      --       --        --         P-          x       x       x        x
user.A.notice             --       -S        -S         --          x       x       x        x
user.A.introduction       --       -S        -S         --          x       x       x        x
user.B.notice             --       --        --         -S          x       x       x        x
relay.D.S.link            --       -S        P-         --          x       x       x        x
relay.D.E.link            --       -S        --         P-          x       x       x        x
relay.E.D.link            --       P-        --         -S          x       x       x        x
relay.S.D.link            --       P-        -S         --          x       x       x        x
relay.E.S.link            --       --        P-         -S          x       x       x        x
_GUEST.G.x                -S       --        --         --          x       x       x        x
_GUEST.H.x                --       --        --         --          x       x       x        x
_INBOX_D.x                --       -S        --         --          x       x       x        x
_INBOX_S.x                --       --        -S         --          x       x       x        x
_INBOX_E.x                --       --        --         -S          x       x       x        x
_INBOX_tracker.x          --       --        --         --          x       x       x        x
_INBOX.x                  --       --        --         --          x       x       x        x
_R_.x.y                   --       --        --         --          x       x       x        x
events.room.x             --       --        --         --          x       x       x        x
presence.A                --       --        --         --          x       x       x        x
integration.n.admin.x     --       --        --         --          x       x       x        x
partyline.api.x           --       --        --         --          x       x       x        x
$JS.ACK.EVENTS.x          --       --        --         --          x       x       x        x
$SRV.PING                 --       --        --         --          x       x       x        x
$JS.API.INFO              --       --        --         --          x       x       x        x
$JS.ACK.x                 --       --        --         --          x       x       x        x
$SYS.REQ.SERVER.PING      --       --        --         --          x       x       x        x
$SYS.REQ.CLAIMS.UPDATE    --       --        --         --          x       x       x        x
>                         --       --        --         --          x       x       x        x
*                         --       --        --         --          x       x       x        x
tracker.>                 --       --        --         --          x       x       x        x
tracker.auth.>            --       --        --         --          x       x       x        x
tracker.auth.*.login      --       --        --         --          x       x       x        x
tracker.auth.G.>          P-       --        --         --          x       x       x        x
tracker.auth.H.>          --       --        --         --          x       x       x        x
tracker.cmd.>             --       --        --         --          x       x       x        x
tracker.cmd.*.D.sync      --       --        --         --          x       x       x        x
tracker.cmd.A.>           --       --        --         --          x       x       x        x
tracker.cmd.A.*.sync      --       --        --         --          x       x       x        x
tracker.cmd.A.D.>         --       P-        --         --          x       x       x        x
user.>                    --       --        --         --          x       x       x        x
user.*.notice             --       --        --         --          x       x       x        x
user.A.>                  --       -S        -S         --          x       x       x        x
user.A.*                  --       -S        -S         --          x       x       x        x
user.B.>                  --       --        --         -S          x       x       x        x
relay.>                   --       --        --         --          x       x       x        x
relay.*.D.>               --       P-        --         --          x       x       x        x
relay.*.E.link            --       --        --         P-          x       x       x        x
relay.D.>                 --       -S        --         --          x       x       x        x
relay.D.*.link            --       -S        --         --          x       x       x        x
relay.E.>                 --       --        --         -S          x       x       x        x
_GUEST.>                  --       --        --         --          x       x       x        x
_GUEST.*.x                --       --        --         --          x       x       x        x
_GUEST.G.>                -S       --        --         --          x       x       x        x
_GUEST.H.>                --       --        --         --          x       x       x        x
_INBOX_D.>                --       -S        --         --          x       x       x        x
_INBOX_D.*                --       -S        --         --          x       x       x        x
_INBOX_E.>                --       --        --         -S          x       x       x        x
_INBOX_>                  --       --        --         --          x       x       x        x
_R_.>                     --       --        --         --          x       x       x        x
events.>                  --       --        --         --          x       x       x        x
$SRV.>                    --       --        --         --          x       x       x        x
$JS.>                     --       --        --         --          x       x       x        x
$KV.>                     --       --        --         --          x       x       x        x
$O.>                      --       --        --         --          x       x       x        x
$SYS.>                    --       --        --         --          x       x       x        x
`;

const SUBJECT_WIDTH = 24;
const COLUMNS = [
  'guest G',
  'device D',
  'sibling S',
  'stranger E',
  'forged',
  'stolen',
  'expired',
  'revoked',
] as const;
type Column = (typeof COLUMNS)[number];

const subjects = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(' ', 1)[0] ?? '');

// This is awaited before the first title, because AVA requires all titles to be declared together.
const every = await everyNats();

for (const nats of every) {
  test(`permissions: nats-server ${spell(nats.version)} allows exactly what the table says`, async (t) => {
    const broker = await testBroker(t, { nats });
    const [accountA, accountB] = [newAccountId(), newAccountId()];
    const key = createNKey('user');
    const [guest, otherGuest] = [await broker.guest(), await broker.guest()];
    const device = await broker.device({}, { account: accountA, key });
    const sibling = await broker.device({}, { account: accountA });
    const stranger = await broker.device({}, { account: accountB });
    const names: Readonly<Record<string, string>> = {
      A: accountA,
      B: accountB,
      D: device.device,
      S: sibling.device,
      E: stranger.device,
      G: guest.device,
      H: otherGuest.device,
    };
    // Names are replaced between dots and at the end of an inbox prefix.
    const real = (subject: string): string =>
      subject.replace(/(?<=^|\.|_)[ABDSEGH](?=\.|$)/g, (name) => names[name] ?? name);

    const cells = new Map<Column, Rights>([
      ['guest G', await rightsOf(guest.bus, subjects, real)],
      ['device D', await rightsOf(device.bus, subjects, real)],
      ['sibling S', await rightsOf(sibling.bus, subjects, real)],
      ['stranger E', await rightsOf(stranger.bus, subjects, real)],
    ]);
    const identity = { account: accountA, key };
    const { keyring } = broker;
    const good = deviceCredentials(keyring, identity);
    const forged = deviceCredentials({ ...keyring, accountSigning: keyring.guestSigning }, identity);
    const stolen = { ...good, key: createNKey('user') };
    const expired = deviceCredentials(keyring, { ...identity, lifetimeMs: -1_000 });
    cells.set('forged', await outside(t, broker, forged));
    cells.set('stolen', await outside(t, broker, stolen));
    cells.set('expired', await outside(t, broker, expired));
    const revocations = new Map([[newDeviceId(key), Date.now()]]);
    await pushAccount(await broker.system(), applicationAccountJwt(keyring, Date.now(), revocations));
    cells.set('revoked', await outside(t, broker, good));

    const lines = subjects.map((subject) => {
      const row = COLUMNS.map((column) => (cells.get(column)?.get(subject) ?? '?').padEnd(column.length));
      return [subject.padEnd(SUBJECT_WIDTH), ...row].join('  ').trimEnd();
    });
    t.is([['subject'.padEnd(SUBJECT_WIDTH), ...COLUMNS].join('  '), ...lines].join('\n'), TABLE.trim());
  });
}

/** The rights of a client that cannot connect. */
async function outside(
  t: ExecutionContext,
  { connect }: TestBroker,
  credentials: Parameters<TestBroker['connect']>[0]['credentials'],
): Promise<Rights> {
  const error = await t.throwsAsync(connect({ credentials, inboxPrefix: 'x' }), { instanceOf: BusError });
  t.is(error?.kind, 'unauthorized');
  return new Map(subjects.map((subject) => [subject, 'x']));
}
