// Links over one real carrier on loopback, for worlds whose envelopes have to cross a wire, and a record of what arrived.
import type { Carrier, CarrierKind } from '../../../../client/links/carrier.js';
import { createLinks, type Links } from '../../../../client/links/links.js';
import { createRelayCarrier, type RelayMessenger } from '../../../../client/links/relay/relay.js';
import { createTcpCarrier } from '../../../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../../../client/links/udp/udp.js';
import { type DeviceId, systemIds } from '../../../../core/ids.js';
import type { SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';

/** The address of the broker that relays in a spec. */
export const BROKER = { ip: '198.51.100.7', port: 4_222 };

export interface Arrival {
  readonly from: DeviceId;
  readonly to: DeviceId;
  readonly payload: Buffer;
}

export interface Wire {
  /** Every payload, in order of arrival. */
  readonly arrivals: readonly Arrival[];
  open(key: SigningKey, device: DeviceId): Links;
  /** The latest links of a device. */
  linksOf(device: DeviceId): Links | undefined;
}

type Receiver = Parameters<RelayMessenger['receive']>[0];

export function createWire(kind: CarrierKind): Wire {
  const arrivals: Arrival[] = [];
  const opened = new Map<DeviceId, Links>();
  const receivers = new Map<DeviceId, Receiver>();

  function messengerOf(device: DeviceId): RelayMessenger {
    const send = (to: DeviceId, link: string, bytes: Uint8Array): boolean => {
      const copy = Buffer.from(bytes);
      setImmediate(() => receivers.get(to)?.message(device, link, copy));
      return true;
    };
    return {
      maxBytes: 1_048_576,
      brokerAddress: BROKER,
      send,
      call(to, link, bytes, onNobody) {
        if (!receivers.has(to)) setImmediate(onNobody);
        return send(to, link, bytes);
      },
      receive(receiver) {
        receivers.set(device, receiver);
        return () => {
          if (receivers.get(device) === receiver) receivers.delete(device);
        };
      },
      settled: async () => undefined,
      askBroker: async () => true,
    };
  }

  function carrierFor(device: DeviceId): Carrier {
    const at = { host: '127.0.0.1', schedule: systemSchedule, log: silentLog };
    switch (kind) {
      case 'tcp':
        return createTcpCarrier(at);
      case 'udp':
        return createUdpCarrier({ ...at, clock: systemClock });
      case 'relay':
        return createRelayCarrier({ messenger: messengerOf(device), ids: systemIds, clock: systemClock });
    }
  }

  return {
    arrivals,
    linksOf: (device) => opened.get(device),
    open(key, device) {
      const links = createLinks({
        key,
        carriers: [carrierFor(device)],
        clock: systemClock,
        schedule: systemSchedule,
        ids: systemIds,
        random: Math.random,
        log: silentLog,
      });
      links.events.on('messages', ({ device: from, payloads }) => {
        for (const payload of payloads) arrivals.push({ from, to: device, payload: Buffer.from(payload) });
      });
      opened.set(device, links);
      return links;
    },
  };
}
