// The devices of an account: listing them and revoking one.

import type { DeviceId } from '../../core/ids.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import type { Caller } from '../caller.js';
import type { TrackerHost } from '../host.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import { metadataOf, receiptOf, rejected } from './commands.js';

export interface DevicesParts {
  readonly host: TrackerHost;
  readonly directory: Pick<Directory, 'devicesOf'>;
  readonly presence: Pick<Presence, 'devicesOf'>;
}

interface RevokeOperation {
  readonly operation: 'REVOKE';
  readonly device: DeviceId;
}

export interface Devices {
  list(caller: Caller): Promise<Answer<1>>;
  revoke(caller: Caller, request: Request, operation: RevokeOperation): Promise<Answer<1>>;
}

export function createDevices({ host, directory, presence }: DevicesParts): Devices {
  return {
    async list({ account, device: current }) {
      const online = new Set(presence.devicesOf(account));
      const devices = (await directory.devicesOf(account)).map(({ device, name, enrolledAt, seenAt }) => ({
        device,
        name,
        enrolled: new Date(enrolledAt).toISOString(),
        seen: seenAt === null ? null : new Date(seenAt).toISOString(),
        current: device === current,
        online: device === current || online.has(device),
      }));
      return { phrase: 'DEVICES_LISTED', data: { devices } };
    },
    async revoke(caller, request, operation) {
      const { account } = caller;
      const { device } = operation;
      if (device === caller.device) {
        return {
          phrase: 'INVALID_COMMAND',
          message: 'This is the terminal that you are using. Log it out with /logout.',
        };
      }
      const outcome = await host.send({
        kind: 'account',
        id: account,
        command: { type: 'RevokeDevice', account, device },
        metadata: metadataOf(caller, request.id),
        receipt: receiptOf(caller, request, { ...operation }, null),
      });
      if (outcome.kind === 'refused' && outcome.reason === 'NOT_ENROLLED') {
        return { phrase: 'DEVICE_NOT_FOUND' };
      }
      if (outcome.kind === 'busy' || outcome.kind === 'refused') return rejected(1, outcome);
      return { phrase: 'DEVICE_REVOKED' };
    },
  };
}
