// Who asks: a device that is logged in, as the subject of its request proves.
import type { AccountId, DeviceId } from '../core/ids.js';

export interface Caller {
  readonly account: AccountId;
  readonly device: DeviceId;
}
