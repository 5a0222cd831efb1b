// Two devices with links over TCP and UDP on loopback; the first one dials.
import type { ExecutionContext } from 'ava';
import type { Addresses } from '../../../client/links/links.js';
import { createTcpCarrier } from '../../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../../client/links/udp/udp.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { silentLog } from '../../../core/log.js';
import { type Device, keyPairInOrder, startDevice } from './device.js';

const host = '127.0.0.1';
const carriers = () => [
  createTcpCarrier({ host, schedule: systemSchedule, log: silentLog }),
  createUdpCarrier({ host, clock: systemClock, schedule: systemSchedule, log: silentLog }),
];

export async function pairOverBoth(t: ExecutionContext): Promise<readonly [Device, Device]> {
  const [dialling, waiting] = keyPairInOrder();
  return [await startDevice(t, dialling, carriers()), await startDevice(t, waiting, carriers())];
}

export const introduce = (to: Device, peer: Device, candidates: Addresses = peer.addresses): void =>
  to.links.introduce({ id: peer.id, publicKey: peer.key.publicKey, candidates });
