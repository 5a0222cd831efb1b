// A device for specs: a key, links on loopback (over TCP by default), and a record of its events.
import type { ExecutionContext } from 'ava';
import type { Carrier } from '../../../client/links/carrier.js';
import type { Failure } from '../../../client/links/failure.js';
import type { Addresses } from '../../../client/links/introduction.js';
import { createLinks, type Links } from '../../../client/links/links.js';
import { createTcpCarrier } from '../../../client/links/tcp/tcp.js';
import type { LinkListing, LinkSummary } from '../../../client/links/listing.js';
import { type Clock, type Schedule, systemClock, systemSchedule } from '../../../core/time/clock.js';
import { type DeviceId, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../../core/keys.js';
import { silentLog } from '../../../core/log.js';

export interface Device {
  readonly id: DeviceId;
  readonly key: SigningKey;
  readonly links: Links;
  readonly addresses: Addresses;
  readonly port: number;
  readonly states: LinkSummary[];
  /** Payloads as text, in order of arrival. */
  readonly got: string[];
  readonly restarts: DeviceId[];
  readonly refused: Failure[];
  /** Introduces another device, at `port` if given, else at its own port. */
  meet(other: Pick<Device, 'id' | 'key' | 'port'>, port?: number): void;
  say(other: Pick<Device, 'id'>, text: string): void;
  link(other: Pick<Device, 'id'>): LinkListing | undefined;
}

/** Two keys in order: the device of the first one dials. */
export function keyPairInOrder(): readonly [SigningKey, SigningKey] {
  const [one, two] = [generateSigningKey(), generateSigningKey()];
  return Buffer.compare(one.publicKey, two.publicKey) < 0 ? [one, two] : [two, one];
}

const onTcp = (): Carrier =>
  createTcpCarrier({ host: '127.0.0.1', schedule: systemSchedule, log: silentLog });

export async function startDevice(
  t: ExecutionContext,
  key: SigningKey,
  carriers: readonly Carrier[] = [onTcp()],
  schedule: Schedule = systemSchedule,
  clock: Clock = systemClock,
): Promise<Device> {
  const links = createLinks({
    key,
    carriers,
    clock,
    schedule,
    ids: systemIds,
    random: Math.random,
    log: silentLog,
  });
  t.teardown(() => links.close());
  await links.listen();
  const addresses = links.addresses();
  const device: Device = {
    id: deviceIdOf(key.publicKey),
    key,
    links,
    addresses,
    port: addresses.tcp?.[0]?.port ?? 0,
    states: [],
    got: [],
    restarts: [],
    refused: [],
    meet: (other, port = other.port) =>
      links.introduce({
        id: other.id,
        publicKey: other.key.publicKey,
        candidates: { tcp: [{ ip: '127.0.0.1', port }] },
      }),
    say: (other, text) => t.is(links.send(other.id, Buffer.from(text)), 'taken'),
    link: (other) => links.list().find((each) => each.device === other.id),
  };
  links.events.on('state', (state) => void device.states.push(state));
  links.events.on('messages', ({ payloads }) => void device.got.push(...payloads.map(String)));
  links.events.on('restarted', (peer) => void device.restarts.push(peer.device));
  links.events.on('refused', ({ reason }) => void device.refused.push(reason));
  return device;
}

/** Two devices that are not introduced to each other yet; the first one dials. */
export async function startPair(t: ExecutionContext): Promise<readonly [Device, Device]> {
  const [dialling, waiting] = keyPairInOrder();
  return [await startDevice(t, dialling), await startDevice(t, waiting)];
}

/** An id in the form of an nkey, but without a valid key. Links only compare ids. */
export function deviceIdOf(publicKey: Buffer): DeviceId {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const text = [...publicKey, ...publicKey.subarray(0, 23)].map((byte) => letters[byte % 32]).join('');
  return deviceIdSchema.parse(`U${text}`);
}
