// New accounts and devices for specs in which any identity will do.
import { createNKey, type NKey } from '../../core/bus/credentials/nkey.js';
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema, systemIds } from '../../core/ids.js';

export const newAccountId = (): AccountId => accountIdSchema.parse(systemIds.next());

/** The id of the device that holds `key`, or of a device that nobody holds. */
export const newDeviceId = (key: NKey = createNKey('user')): DeviceId => deviceIdSchema.parse(key.publicKey);
