// Registrations and logins at a tracker fixture, with valid or invalid requests.
import type { CommandId, DeviceId } from '../../../core/ids.js';
import type { Json } from '../../../core/json.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { type Credentials, sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type TrackerFixture } from '../tracker-fixture.js';

export const password = 'correct-horse-battery';

type Title = 'Registration' | 'Login';
interface Attempt extends Partial<Credentials> {
  /** The id and device of the envelope and the subject, if they differ from the sealed id and device. */
  readonly sentAs?: { readonly id?: CommandId; readonly device?: DeviceId };
}

export function send(
  { authentication }: TrackerFixture,
  title: Title,
  device: DeviceId,
  id: CommandId,
  data: Json,
) {
  const request = makeRequest({ id, title, data });
  return title === 'Login' ? authentication.login(device, request) : authentication.register(device, request);
}

export function attempt(fixture: TrackerFixture, title: Title, { sentAs = {}, ...fields }: Attempt = {}) {
  const credentials = {
    id: newCommandId(),
    device: newDeviceId(),
    at: fixture.clock.now(),
    username: 'Ann',
    password,
    ...fields,
  };
  const { id = credentials.id, device = credentials.device } = sentAs;
  const sealed = sealCredentials(credentials, fixture.sealing.publicKey);
  return send(fixture, title, device, id, { sealed });
}

export const register = (fixture: TrackerFixture, fields?: Attempt) =>
  attempt(fixture, 'Registration', fields);
export const login = (fixture: TrackerFixture, fields?: Attempt) => attempt(fixture, 'Login', fields);
