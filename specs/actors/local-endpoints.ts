// The endpoints of a tracker fixture over a local bus without a broker, and bare devices that send bytes to them.
import { serveEndpoints } from '../../actors/endpoints.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import {
  type AuthOperation,
  authSubject,
  type CommandTopic,
  commandSubject,
  deviceInbox,
} from '../../core/bus/subjects.js';
import type { AccountId, CommandId, DeviceId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import { silentLog } from '../../core/log.js';
import { makeRequest, type Response, responseSchema, type Title } from '../../core/protocol/envelope.js';
import { grantSchema } from '../../core/protocol/operations.js';
import { sealCredentials } from '../../core/protocol/signed/sealed.js';
import { type Letter, PASSWORD } from '../support/device.js';
import { newDeviceId } from '../support/identities.js';
import { openLocalBus } from '../support/bus/local-bus.js';
import { newCommandId, type TrackerFixture } from './tracker-fixture.js';

const authTitles = { register: 'Registration', login: 'Login', renew: 'Renewal' } as const;
const commandTitles = {
  account: 'Account',
  people: 'People',
  chatroom: 'ChatRoom',
  private: 'PRIVATE',
  sync: 'Sync',
} as const;

export interface LocalEndpoints {
  /** Sends raw bytes to the command subject of a device. */
  sendBytes(account: AccountId, device: DeviceId, topic: CommandTopic, data: Uint8Array): Promise<Response>;
  command(caller: EnrolledDevice, topic: CommandTopic, data: Json): Letter;
  authenticate(device: DeviceId, operation: Exclude<AuthOperation, 'renew'>, username: string): Letter;
}

/** An enrolled device with its account. */
export interface EnrolledDevice {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export function openLocalEndpoints(fixture: TrackerFixture): LocalEndpoints {
  const { bus, ask } = openLocalBus();
  const { directory, authentication, handlers, admission, sealing, clock } = fixture;
  serveEndpoints({
    bus,
    guestBus: bus,
    clock,
    log: silentLog,
    directory,
    requests: admission.requests,
    authentication,
    handlers,
  });
  let asked = 0;
  const answered = async (subject: string, data: Uint8Array, reply: string): Promise<Response> =>
    responseSchema.parse(JSON.parse(Buffer.from(await ask(subject, data, reply)).toString()));

  const sendBytes: LocalEndpoints['sendBytes'] = (account, device, topic, data) =>
    answered(commandSubject(account, device, topic), data, `${deviceInbox(device)}.${++asked}`);
  return {
    sendBytes,
    command({ account, device }, topic, data) {
      const id = newCommandId();
      const bytes = envelope(id, commandTitles[topic], data);
      return { id, send: () => sendBytes(account, device, topic, bytes) };
    },
    authenticate(device, operation, username) {
      const id = newCommandId();
      const credentials = { id, device, at: clock.now(), username, password: PASSWORD };
      const sealed = sealCredentials(credentials, sealing.publicKey);
      const bytes = envelope(id, authTitles[operation], { sealed });
      const send = () => answered(authSubject(device, operation), bytes, `_R_.spec.${++asked}`);
      return { id, send };
    },
  };
}

export const newDevice = (): DeviceId => newDeviceId(createNKey('user'));

const envelope = (id: CommandId, title: Title, data: Json): Uint8Array =>
  Buffer.from(JSON.stringify(makeRequest({ id, title, data })));

/** The device and account that `response` grants. */
export function enrolledDeviceIn({ data }: Response): EnrolledDevice {
  const { account, device } = grantSchema.parse(data);
  return { account, device };
}
