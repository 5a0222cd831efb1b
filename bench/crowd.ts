// Many devices in one separate process, each with its own connection and credentials. The process reports when all are connected, and
// when the tracker has answered all of them again after a reconnect.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectBus } from '../core/bus/connection/connection.js';
import { deviceJwt } from '../core/bus/credentials/credentials.js';
import { BusError } from '../core/bus/connection/failure.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { createNKey, type NKey, nkeyFromSeed } from '../core/bus/credentials/nkey.js';
import { commandSubject, deviceInbox, noticeSubject } from '../core/bus/subjects.js';
import { systemClock } from '../core/time/clock.js';
import {
  type AccountId,
  accountIdSchema,
  commandIdSchema,
  type DeviceId,
  deviceIdSchema,
  systemIds,
} from '../core/ids.js';
import { silentLog } from '../core/log.js';
import { makeRequest, responseSchema } from '../core/protocol/envelope.js';
import { isSuccess } from '../core/protocol/status.js';
import { openLog } from './log.js';
import { type Partner, startProgram } from './partner.js';

/** An enrolled device, with its account and its key. */
interface Enrolled {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly key: NKey;
}

/** Enrols `count` devices, one per account, in a home that no tracker is using. Returns a line with account and seed for each. */
export async function enrolCrowd(home: string, count: number): Promise<readonly string[]> {
  const { database, store } = await openLog(home);
  const lines: string[] = [];
  for (let number = 0; number < count; number++) {
    const account = systemIds.next();
    const key = createNKey('user');
    const payloads = [{ account }, { account, device: key.publicKey }];
    await store.append({
      stream: `account-${account}`,
      expectedVersion: 0,
      expectedQuarantineChange: 0,
      events: payloads.map((payload, index) => ({
        type: index === 0 ? 'AccountRegistered' : 'DeviceEnrolled',
        schemaVersion: 1,
        payload,
        personal: index === 0 ? { username: `crowd-${number}` } : null,
        metadata: {
          account,
          device: key.publicKey,
          command: { type: 'RegisterAccount' },
          commandId: account,
          correlationId: account,
          causationId: null,
          traceparent: null,
        },
      })),
      reservations: [],
      secrets: [],
      receipts: [],
    });
    lines.push(`${account} ${key.seed}`);
  }
  await database.close();
  return lines;
}

/** Connects the devices of `lines` from a separate process; resolves when all are connected. */
export async function startCrowd(
  home: string,
  servers: string,
  enrolled: readonly string[],
): Promise<Partner> {
  const crowd = await startProgram(fileURLToPath(import.meta.url), home, servers, String(enrolled.length));
  const connected = nextLine(crowd);
  for (const line of enrolled) crowd.write(line);
  await connected;
  return crowd;
}

/** Resolves with the next output line of the crowd's process. */
export const nextLine = (crowd: Partner): Promise<string> =>
  new Promise((resolve) => {
    const stop = crowd.onLine((line) => {
      stop();
      resolve(line);
    });
  });

const CONNECTING_AT_ONCE = 50;
const RETRY_MS = 50;
const TIMEOUT_MS = 10_000;

/** Connects one device and keeps it connected; calls `onBack` each time the tracker answers the device after a reconnect. */
async function connectDevice(
  home: Home,
  { account, device, key }: Enrolled,
  onBack: () => void,
): Promise<void> {
  const issuedAt = systemClock.now();
  const jwt = deviceJwt({ account, device, issuedAt, expiresAt: issuedAt + 3_600_000 }, home.keyring);
  const bus = await connectBus({
    servers: home.servers,
    credentials: { key, jwt: () => jwt },
    inboxPrefix: deviceInbox(device),
    name: 'crowd',
    log: silentLog,
    onStatus: ({ type }) => {
      if (type === 'connected') void sync();
    },
  });
  bus.subscribe(noticeSubject(account), () => undefined);
  await bus.flush();

  // The tracker may restart later than the broker: the request is repeated until the tracker answers, as in a terminal.
  async function sync(): Promise<void> {
    for (;;) {
      const id = commandIdSchema.parse(systemIds.next());
      const request = makeRequest({ id, title: 'Sync', data: { versions: {} } });
      try {
        const subject = commandSubject(account, device, 'sync');
        const answer = await bus.request(subject, Buffer.from(JSON.stringify(request)), {
          timeoutMs: TIMEOUT_MS,
        });
        const { status, message } = responseSchema.parse(JSON.parse(Buffer.from(answer).toString()));
        if (!isSuccess(status)) throw new Error(message);
        onBack();
        return;
      } catch (thrown) {
        if (!(thrown instanceof BusError)) throw thrown;
        if (!bus.isConnected) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

interface Home {
  readonly keyring: Awaited<ReturnType<typeof openKeyring>>;
  readonly servers: string;
}

async function runCrowd(folder: string, servers: string, count: number): Promise<void> {
  const home = { keyring: await openKeyring(folder), servers };
  process.stdout.write('ready\n');
  const seeds = z.tuple([accountIdSchema, z.string()]);
  const waiting: Enrolled[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const [account, seed] = seeds.parse(line.split(' '));
    const key = nkeyFromSeed(seed);
    waiting.push({ account, device: deviceIdSchema.parse(key.publicKey), key });
    if (waiting.length === count) break;
  }
  let back = 0;
  const onBack = (): void => {
    back += 1;
    if (back % count === 0) process.stdout.write('back\n');
  };
  const connectNext = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      await connectDevice(home, next, onBack);
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connectNext));
  process.stdout.write('connected\n');
}

const [, program, folder = '', servers = '', count = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) await runCrowd(folder, servers, Number(count));
