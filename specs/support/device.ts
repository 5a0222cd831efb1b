// A device without a terminal: a key, its broker connections, and requests exactly as they are sent.
import type { Bus } from '../../core/bus/bus.js';
import { connectBus } from '../../core/bus/connection/connection.js';
import { guestAccountOf, guestJwt } from '../../core/bus/credentials/credentials.js';
import { createNKey, type NKey, nkeyFromSeed, rawPublicKey } from '../../core/bus/credentials/nkey.js';
import {
  authSubject,
  type CommandTopic,
  commandSubject,
  deviceInbox,
  guestInbox,
} from '../../core/bus/subjects.js';
import { type CommandId, commandIdSchema, type DeviceId, deviceIdSchema, systemIds } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import { silentLog } from '../../core/log.js';
import {
  makeRequest,
  type Request,
  type Response,
  responseSchema,
  type Title,
} from '../../core/protocol/envelope.js';
import type { Invite } from '../../core/protocol/invite.js';
import { type Grant, grantSchema } from '../../core/protocol/operations.js';
import { sealCredentials } from '../../core/protocol/signed/sealed.js';

const TIMEOUT_MS = 60_000;
/** A valid password that is not secret. */
export const PASSWORD = 'correct-horse-battery';

export interface Letter {
  readonly id: CommandId;
  readonly send: () => Promise<Response>;
}

export interface Guest {
  readonly device: DeviceId;
  /** Uses `PASSWORD` by default. */
  enter(operation: 'register' | 'login', username: string, password?: string): Promise<Response>;
  /** A request that can be sent repeatedly without change. Uses `PASSWORD` by default. */
  entering(operation: 'register' | 'login', username: string, password?: string): Letter;
  /** The connection of the device to which `granted` gave credentials. */
  become(granted: Response): Promise<Device>;
  close(): Promise<void>;
}

export interface Device {
  readonly grant: Grant;
  readonly bus: Bus;
  /** Sends a new request, or repeats one if given its id. */
  ask(topic: CommandTopic, title: Title, data: Json, id?: CommandId): Promise<Response>;
  close(): Promise<void>;
}

/** Connects as a guest with `key`. */
export async function openGuest(
  { host, port, guest, seal }: Invite,
  key: NKey = createNKey('user'),
): Promise<Guest> {
  const device = deviceIdSchema.parse(key.publicKey);
  const signing = nkeyFromSeed(guest);
  const servers = `nats://${host}:${port}`;
  const guestAccount = guestAccountOf(rawPublicKey(signing.publicKey));
  const connect = (jwt: string, inboxPrefix: string): Promise<Bus> =>
    connectBus({ servers, credentials: { key, jwt: () => jwt }, inboxPrefix, name: 'bare', log: silentLog });
  const token = guestJwt({ device, guestAccount, issuedAt: Date.now() }, signing);
  const bus = await connect(token, guestInbox(device));
  const entering: Guest['entering'] = (operation, username, password = PASSWORD) => {
    const id = commandIdSchema.parse(systemIds.next());
    const sealed = sealCredentials({ id, device, at: Date.now(), username, password }, seal);
    const title = operation === 'login' ? 'Login' : 'Registration';
    const request = makeRequest({ id, title, data: { sealed } });
    return { id, send: () => exchange(bus, authSubject(device, operation), request) };
  };
  return {
    device,
    entering,
    enter: (operation, username, password) => entering(operation, username, password).send(),
    async become(granted) {
      const grant = grantSchema.parse(granted.data);
      const own = await connect(grant.jwt, deviceInbox(device));
      return {
        grant,
        bus: own,
        ask: (topic, title, data, id = commandIdSchema.parse(systemIds.next())) => {
          return exchange(
            own,
            commandSubject(grant.account, device, topic),
            makeRequest({ id, title, data }),
          );
        },
        close: () => own.close(),
      };
    },
    close: () => bus.close(),
  };
}

async function exchange(bus: Bus, subject: string, request: Request): Promise<Response> {
  const answer = await bus.request(subject, Buffer.from(JSON.stringify(request)), { timeoutMs: TIMEOUT_MS });
  return responseSchema.parse(JSON.parse(Buffer.from(answer).toString()));
}
