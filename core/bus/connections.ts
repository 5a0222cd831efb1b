// The broker's events and listings about its connections, parsed.
import { z } from 'zod';
import { messageOf } from '../errors.js';
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema } from '../ids.js';
import type { Log } from '../log.js';
import type { Bus } from './bus.js';

/** One device's connection to one server of the broker. */
export interface Connection {
  /** Unique among all servers and never reused. */
  readonly id: string;
  /** The account of the device; null for a guest, which chooses its own name. */
  readonly account: AccountId | null;
  readonly device: DeviceId;
  /** The client's address as its server sees it. */
  readonly clientIp: string | undefined;
  /** The start of the connection by that server's clock, in milliseconds since the epoch. */
  readonly since: number;
}

export interface Change {
  readonly id: string;
  /** The new connection; absent if the connection ended. */
  readonly connection?: Connection;
  /** For an ended connection: whether the broker closed it because the client no longer answered. */
  readonly isStale?: boolean;
}

/** The kind of clients to watch: logged-in devices or guests. */
export type Clients = 'devices' | 'guests';

/** The last tokens of the subjects `$SYS.ACCOUNT.<account>.…` on which the broker reports connections. */
export const CONNECTION_EVENTS = ['CONNECT', 'DISCONNECT'] as const;
export type ConnectionEvent = (typeof CONNECTION_EVENTS)[number];

const TIMEOUT_MS = 5_000;

const serverSchema = z.object({ id: z.string().min(1) });
const eventSchema = z.object({
  server: serverSchema,
  client: z.object({
    id: z.int().nonnegative(),
    user: z.string().optional(),
    name_tag: z.string().optional(),
    host: z.string().optional(),
    start: z.coerce.date(),
  }),
  /** Only in `DISCONNECT`. */
  reason: z.string().optional(),
});
/** The broker's reason for a client that did not answer its pings. */
const STALE = 'Stale Connection';
const pageSchema = z.object({
  server: serverSchema,
  data: z.object({ total: z.int().nonnegative(), connections: z.array(z.unknown()).default([]) }),
});
const listedSchema = z.object({
  cid: z.int().nonnegative(),
  authorized_user: z.string().optional(),
  name_tag: z.string().optional(),
  ip: z.string().optional(),
  start: z.coerce.date(),
});

/**
 * The change that an event reports; `undefined` if the event concerns no device or cannot be parsed. An event that cannot be
 * parsed is logged.
 */
export function readChange(
  kind: ConnectionEvent,
  data: Uint8Array,
  clients: Clients,
  log: Log,
): Change | undefined {
  const event = eventSchema.safeParse(jsonOf(data));
  if (!event.success) {
    log.warn({ kind, issues: event.error.issues }, 'an event of the broker could not be parsed');
    return undefined;
  }
  const { server, client } = event.data;
  const id = `${server.id}/${client.id}`;
  const { user, name_tag, host, start } = client;
  const connection = connectionOf(clients, id, { user, name: name_tag, clientIp: host, start });
  if (connection === undefined) return undefined;
  return kind === 'CONNECT' ? { id, connection } : { id, isStale: event.data.reason === STALE };
}

/**
 * Lists the connections of clients of `account` on all servers, page by page. The result is a map by connection id. Throws if the
 * broker does not answer or the answer cannot be parsed.
 */
export async function listConnections(
  system: Bus,
  account: string,
  clients: Clients,
  pageSize: number,
  log: Log,
): Promise<Map<string, Connection>> {
  const present = new Map<string, Connection>();
  // A connection that ends during the listing shifts the pages. The overlap prevents gaps.
  const step = pageSize - Math.floor(pageSize / 8);
  let most = 1;
  for (let offset = 0; offset < most; offset += step) {
    const request = Buffer.from(JSON.stringify({ auth: true, sort: 'cid', offset, limit: pageSize }));
    const pages = await system.gather(`$SYS.REQ.ACCOUNT.${account}.CONNZ`, request, {
      timeoutMs: TIMEOUT_MS,
    });
    for (const data of pages) {
      const page = pageSchema.safeParse(jsonOf(data));
      if (!page.success) {
        throw new Error("a page of the broker's connections could not be parsed", { cause: page.error });
      }
      const { server, data: listed } = page.data;
      most = Math.max(most, listed.total);
      for (const entry of listed.connections) {
        const connection = listedConnection(clients, server.id, entry, log);
        if (connection) present.set(connection.id, connection);
      }
    }
  }
  return present;
}

/** Ends a connection. Needs broker version 2.10; an older one ignores the request. */
export function kick(system: Bus, { id }: Connection): void {
  const [server, cid] = id.split('/');
  system.publish(`$SYS.REQ.SERVER.${server}.KICK`, Buffer.from(JSON.stringify({ cid: Number(cid) })));
}

function listedConnection(
  clients: Clients,
  server: string,
  entry: unknown,
  log: Log,
): Connection | undefined {
  const listed = listedSchema.safeParse(entry);
  if (!listed.success) {
    log.warn(
      { issues: listed.error.issues },
      "an entry of the broker's list of connections could not be parsed",
    );
    return undefined;
  }
  const { cid, authorized_user: user, name_tag: name, ip: clientIp, start } = listed.data;
  return connectionOf(clients, `${server}/${cid}`, { user, name, clientIp, start });
}

// The tracker and the integrations share the account: only a client named by an account id is a device.
function connectionOf(
  clients: Clients,
  id: string,
  { user, name, clientIp, start }: Described,
): Connection | undefined {
  const device = deviceIdSchema.safeParse(user).data;
  const account = clients === 'guests' ? null : accountIdSchema.safeParse(name).data;
  if (device === undefined || account === undefined) return undefined;
  return { id, account, device, clientIp, since: start.getTime() };
}

interface Described {
  readonly user: string | undefined;
  readonly name: string | undefined;
  readonly clientIp: string | undefined;
  readonly start: Date;
}

function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch (error) {
    return messageOf(error);
  }
}
