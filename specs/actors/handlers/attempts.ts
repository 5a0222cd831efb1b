// Registering and logging in at an office, as any device would or wrongly.
import type { CommandId, DeviceId } from '../../../core/ids.js';
import type { Json } from '../../../core/json.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { type Credentials, sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type Office } from '../tracker-fixture.js';

export const password = 'correct-horse-battery';

type Title = 'Registration' | 'Login';
interface Attempt extends Partial<Credentials> {
  /** The id and device of the envelope and the subject, where they are not those that were sealed. */
  readonly sentAs?: { readonly id?: CommandId; readonly device?: DeviceId };
}

export function send({ authentication }: Office, title: Title, device: DeviceId, id: CommandId, data: Json) {
  const request = makeRequest({ id, title, data });
  return title === 'Login' ? authentication.login(device, request) : authentication.register(device, request);
}

export function attempt(office: Office, title: Title, { sentAs = {}, ...fields }: Attempt = {}) {
  const credentials = {
    id: newCommandId(),
    device: newDeviceId(),
    at: office.clock.now(),
    username: 'Ann',
    password,
    ...fields,
  };
  const { id = credentials.id, device = credentials.device } = sentAs;
  const sealed = sealCredentials(credentials, office.sealing.publicKey);
  return send(office, title, device, id, { sealed });
}

export const register = (office: Office, fields?: Attempt) => attempt(office, 'Registration', fields);
export const login = (office: Office, fields?: Attempt) => attempt(office, 'Login', fields);
