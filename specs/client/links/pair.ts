// Two devices with links over TCP and UDP on loopback; the first one dials.
import type { ExecutionContext } from 'ava';
import type { Addresses } from '../../../client/links/introduction.js';
import { createTcpCarrier } from '../../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../../client/links/udp/udp.js';
import { type Schedule, systemClock, systemSchedule } from '../../../core/time/clock.js';
import { silentLog } from '../../../core/log.js';
import { type Device, keyPairInOrder, startDevice } from './device.js';

const host = '127.0.0.1';
const carriers = () => [
  createTcpCarrier({ host, schedule: systemSchedule, log: silentLog }),
  createUdpCarrier({ host, clock: systemClock, schedule: systemSchedule, log: silentLog }),
];

/** @param schedule the timers of the links; the carriers use the system's timers */
export async function pairOverBoth(
  t: ExecutionContext,
  schedule: Schedule = systemSchedule,
): Promise<readonly [Device, Device]> {
  const [dialling, waiting] = keyPairInOrder();
  return [
    await startDevice(t, dialling, carriers(), schedule),
    await startDevice(t, waiting, carriers(), schedule),
  ];
}

export const introduce = (to: Device, peer: Device, candidates: Addresses = peer.addresses): void =>
  to.links.introduce({ id: peer.id, publicKey: peer.key.publicKey, candidates });
