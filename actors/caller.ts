// The sender of a request: a logged-in device. The subject of the request proves its identity.
import type { AccountId, DeviceId } from '../core/ids.js';

export interface Caller {
  readonly account: AccountId;
  readonly device: DeviceId;
}
