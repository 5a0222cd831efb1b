// Encrypted endpoints over a carrier of links: a plain encrypted stream, or a complete link.
import { once } from 'node:events';
import SecretStream from '@hyperswarm/secret-stream';
import type { Carrier, CarrierKind } from '../../client/links/carrier.js';
import { createLinks, type Links } from '../../client/links/links.js';
import { createRelayCarrier } from '../../client/links/relay/relay.js';
import { createTcpCarrier } from '../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../client/links/udp/udp.js';
import { connectBus } from '../../core/bus/connection/connection.js';
import { deviceJwt } from '../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { nkeyFromKey, rawPublicKey } from '../../core/bus/credentials/nkey.js';
import { deviceInbox } from '../../core/bus/subjects.js';
import { createRelayHub } from '../../core/bus/relay-hub.js';
import { systemClock, systemSchedule } from '../../core/time/clock.js';
import { accountIdSchema, systemIds } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import { silentLog } from '../../core/log.js';
import { type Broker, type Endpoint, type EndpointOptions, HOST, idOf, PAYLOAD_BYTES } from './endpoint.js';

/** Each message on the stream holds the payloads of one `send`. */
export async function openStream(kind: CarrierKind, options: EndpointOptions): Promise<Endpoint> {
  const { key, peer, port, onPayloads } = options;
  const carrier = await openCarrier(kind, key, options.broker);
  const keyPair = SecretStream.keyPair(key.seed);
  let stream: SecretStream | null = null;
  const attach = (opened: SecretStream): void => {
    stream = opened;
    // The broker ends with the bench, which causes an error here. An earlier error would show in the figures.
    opened.on('error', () => undefined);
    opened.on('data', (bytes: Buffer) => onPayloads(bytes.length / PAYLOAD_BYTES, bytes));
  };
  const endpoint = {
    port: 0,
    send: (payloads: readonly Buffer[]) => stream?.write(Buffer.concat(payloads)) ?? false,
    room: () => (stream === null ? Promise.resolve() : once(stream, 'drain')),
  };
  await carrier.listen((raw) => attach(new SecretStream(false, raw, { keyPair, pattern: 'IK' })));
  const [address] = carrier.addresses();
  if (port === null) return { ...endpoint, port: address?.port ?? 0 };
  const [route] = carrier.routes({ device: peer, candidates: [{ ip: HOST, port }] });
  const raw = await route?.connect(new AbortController().signal);
  if (raw === undefined) throw new Error(`no route over ${kind}`);
  const dialled = new SecretStream(true, raw, {
    keyPair,
    pattern: 'IK',
    remotePublicKey: rawPublicKey(peer),
  });
  if (!(await dialled.opened)) throw new Error(`no stream over ${kind}`);
  attach(dialled);
  return endpoint;
}

export async function openLink(kind: CarrierKind, options: EndpointOptions): Promise<Endpoint> {
  const { key, peer, port, onPayloads } = options;
  const links = openLinks(key, await openCarrier(kind, key, options.broker));
  await links.listen();
  links.events.on('messages', ({ payloads }) => {
    const [first] = payloads;
    if (first !== undefined) onPayloads(payloads.length, first);
  });
  const opened = port === null ? null : whenOpen(links);
  links.introduce({
    id: peer,
    publicKey: rawPublicKey(peer),
    candidates: { [kind]: port === null ? [] : [{ ip: HOST, port }] },
  });
  await opened;
  return {
    port: links.addresses()[kind]?.[0]?.port ?? 0,
    // Refused payloads are not sent again; only received payloads are counted.
    send: (payloads) => payloads.every((payload) => links.send(peer, payload) === 'taken'),
    room: () => links.events.once('writable'),
  };
}

/** Resolves when the next link opens. */
export const whenOpen = (links: Links): Promise<void> =>
  new Promise((resolve) => {
    links.events.on('state', ({ state }) => {
      if (state === 'open') resolve();
    });
  });

/** The links of one device over one carrier. */
export const openLinks = (key: SigningKey, carrier: Carrier): Links =>
  createLinks({
    key,
    carriers: [carrier],
    clock: systemClock,
    schedule: systemSchedule,
    ids: systemIds,
    random: Math.random,
    log: silentLog,
  });

async function openCarrier(kind: CarrierKind, key: SigningKey, broker: Broker): Promise<Carrier> {
  switch (kind) {
    case 'tcp':
      return createTcpCarrier({ host: HOST, schedule: systemSchedule, log: silentLog });
    case 'udp':
      return createUdpCarrier({ host: HOST, clock: systemClock, schedule: systemSchedule, log: silentLog });
    case 'relay':
      return openRelay(key, broker);
  }
}

/** Opens the relay with credentials like those that the tracker issues. The broker checks nothing else. */
async function openRelay(key: SigningKey, { home, servers }: Broker): Promise<Carrier> {
  const keyring = await openKeyring(home);
  const device = idOf(key);
  const account = accountIdSchema.parse(systemIds.next());
  const issuedAt = systemClock.now();
  const jwt = deviceJwt({ account, device, issuedAt, expiresAt: issuedAt + 3_600_000 }, keyring);
  const bus = await connectBus({
    servers,
    credentials: { key: nkeyFromKey('user', key), jwt: () => jwt },
    inboxPrefix: deviceInbox(device),
    name: 'bench',
    log: silentLog,
  });
  const relayHub = createRelayHub();
  relayHub.attach(bus, device);
  return createRelayCarrier({ messenger: relayHub.line(device), ids: systemIds, clock: systemClock });
}
