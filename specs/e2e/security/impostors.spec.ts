// Impersonation, swapped keys and tampering are refused, and the terminal shows the reason.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { JsonTerminal } from '../../../bin/demo/json-terminal.js';
import { createLinks, type Links } from '../../../client/links/links.js';
import { createTcpCarrier } from '../../../client/links/tcp/tcp.js';
import { connectBus } from '../../../core/bus/connection/connection.js';
import { trackerCredentials } from '../../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { createNKey, type NKey, nkeyFromKey, rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import { introductionSubject } from '../../../core/bus/subjects.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { systemIds } from '../../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../../core/keys.js';
import { silentLog } from '../../../core/log.js';
import { type Invite, parseInvite } from '../../../core/protocol/invite.js';
import { introducedSchema } from '../../../core/protocol/operations.js';
import { signStatement } from '../../../core/protocol/signed/signed.js';
import { type Introduction, introductionSchema } from '../../../core/protocol/signed/statements.js';
import { type Device, openGuest, PASSWORD } from '../../support/device.js';
import { openStage, type Stage } from '../../support/processes/tracker-process.js';

/** Bob at a real terminal, and "alice", whose devices this spec simulates. */
interface Cast {
  readonly stage: Stage;
  readonly invite: Invite;
  readonly bob: JsonTerminal;
  /** The tracker's introduction of bob's device. */
  readonly ofBob: Introduction;
  /** A device of alice that bob's terminal dials, because alice's key is the larger one. */
  readonly alice: Device;
  readonly key: SigningKey;
}

async function cast(t: ExecutionContext): Promise<Cast> {
  const stage = await openStage(t);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  const { invite } = parsed;
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);

  const first = await enter(t, invite, 'register', createNKey('user'));
  const ofBob = await introduceToBob(first);
  let key = generateSigningKey();
  while (key.publicKey.compare(rawPublicKey(ofBob.peer.device)) < 0) key = generateSigningKey();
  const alice = await enter(t, invite, 'login', nkeyFromKey('user', key));
  return { stage, invite, bob, ofBob, alice, key };
}

async function enter(
  t: ExecutionContext,
  invite: Invite,
  operation: 'register' | 'login',
  key: NKey,
): Promise<Device> {
  const guest = await openGuest(invite, key);
  t.teardown(() => guest.close());
  const device = await guest.become(await guest.enter(operation, 'alice'));
  t.teardown(() => device.close());
  return device;
}

async function introduceToBob(device: Device): Promise<Introduction> {
  const { data } = await device.ask('private', 'PRIVATE', { username: 'bob' });
  const [signed] = introducedSchema.parse(data).introductions;
  return introductionSchema.parse(JSON.parse(signed?.body ?? 'null'));
}

const announce = (device: Device, port: number): Promise<unknown> =>
  device.ask('people', 'People', { operation: 'ANNOUNCE', addresses: [{ ip: '127.0.0.1', port }] });

async function openLinks(
  t: ExecutionContext,
  key: SigningKey,
): Promise<{ readonly links: Links; readonly port: number }> {
  const carrier = createTcpCarrier({ host: '127.0.0.1', schedule: systemSchedule, log: silentLog });
  const parts = {
    clock: systemClock,
    schedule: systemSchedule,
    ids: systemIds,
    random: Math.random,
    log: silentLog,
  };
  const links = createLinks({ key, carriers: [carrier], ...parts });
  t.teardown(() => links.close());
  await links.listen();
  const { tcp } = links.addresses();
  return { links, port: tcp?.[0]?.port ?? 0 };
}

test('impostors: given another key at the address of a friend, then the link is refused and the user sees the reason', async (t) => {
  const { bob, ofBob, alice } = await cast(t);
  const { links, port } = await openLinks(t, generateSigningKey());
  const { device: id } = ofBob.peer;
  links.introduce({ id, publicKey: rawPublicKey(id), candidates: {} });
  await announce(alice, port);
  const mark = bob.seen.length;
  await introduceToBob(alice);

  const closed = await bob.expect({ event: 'link', peer: 'alice', state: 'closed' }, 'the refusal', mark);
  t.regex(String(closed['reason']), /could not prove that it is the expected one/);
  t.false(bob.seen.slice(mark).some((event) => event['state'] === 'open'));
});

test('impostors: given an introduction that the tracker has not signed, then it is refused and the user sees the reason', async (t) => {
  const { stage, invite, bob, ofBob, alice } = await cast(t);
  const credentials = trackerCredentials(await openKeyring(stage.home), Date.now());
  const servers = `nats://${invite.host}:${invite.port}`;
  const bus = await connectBus({ servers, credentials, inboxPrefix: '_INBOX_x', name: 'x', log: silentLog });
  t.teardown(() => bus.close());
  const forged = signStatement(generateSigningKey(), 'introduction', {
    ...ofBob,
    to: ofBob.peer.device,
    peer: {
      account: alice.grant.account,
      username: 'alice',
      device: createNKey('user').publicKey,
      addresses: [],
    },
  });
  const mark = bob.seen.length;
  bus.publish(introductionSubject(ofBob.peer.account), Buffer.from(JSON.stringify(forged)));

  const closed = await bob.expect({ event: 'link', peer: 'alice', state: 'closed' }, 'the refusal', mark);
  t.regex(String(closed['reason']), /the tracker did not sign the introduction/);
  const why = await bob.type('/why');
  t.regex(why.message, /did not sign/);
});

test('impostors: given a flipped bit in transit, then the link is closed and the user sees the reason', async (t) => {
  const { bob, ofBob, alice, key } = await cast(t);
  const { links, port } = await openLinks(t, key);
  const { device: id } = ofBob.peer;
  links.introduce({ id, publicKey: rawPublicKey(id), candidates: {} });
  const tamperer = await tamper(t, port);
  await announce(alice, tamperer.port);
  const mark = bob.seen.length;
  await introduceToBob(alice);
  await bob.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link', mark);

  tamperer.flipNext();
  links.send(id, Buffer.from('anything'));
  const closed = await bob.expect(
    { event: 'link', peer: 'alice', state: 'closed' },
    'the end of the link',
    mark,
  );
  t.regex(String(closed['reason']), /altered on the way/);
});

/** A relay to `port`. On request it flips one bit of the next chunk that comes from `port`. */
async function tamper(
  t: ExecutionContext,
  port: number,
): Promise<{ readonly port: number; flipNext(): void }> {
  let isArmed = false;
  const server = createServer((near: Socket) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const last = chunk.length - 1;
      if (isArmed) chunk[last] = (chunk[last] ?? 0) ^ 1;
      isArmed = false;
      near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    flipNext() {
      isArmed = true;
    },
  };
}
