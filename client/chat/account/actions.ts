// The actions on the account that is logged in: its name, its password and its terminals.
import type { z } from 'zod';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { foldName, usernameSchema } from '../../../core/protocol/names.js';
import { deviceListSchema, renamedSchema } from '../../../core/protocol/operations.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import { granted, type Outcome, refusal, refused, success, unusable } from '../outcome.js';
import type { ChatActions } from '../port.js';

export type AccountActions = Pick<ChatActions, 'rename' | 'changePassword' | 'devices' | 'revoke'>;

type Listed = z.infer<typeof deviceListSchema>['devices'][number];

export function createAccountActions(session: Session): AccountActions {
  async function list(): Promise<Outcome<readonly Listed[]>> {
    const response: Response = await session.request('Account', { operation: 'DEVICES' });
    if (!isSuccess(response.status)) return refused(response);
    const listed = deviceListSchema.safeParse(response.data);
    if (!listed.success) return unusable(explain(listed.error));
    const devices = listed.data.devices.map((one) => ({ ...one, name: sanitiseLine(one.name) }));
    return granted(response, devices);
  }

  return {
    async rename(written) {
      const parsed = usernameSchema.safeParse(written);
      if (!parsed.success) {
        return refusal(1, 'INVALID_COMMAND', `${explain(parsed.error)} Use /rename NAME.`);
      }
      const response = await session.request('Account', { operation: 'RENAME', username: parsed.data });
      if (!isSuccess(response.status)) return refused(response);
      const renamed = renamedSchema.safeParse(response.data);
      if (!renamed.success) return unusable(explain(renamed.error));
      const { username } = renamed.data;
      await session.called(username);
      return granted(response, { username });
    },
    async changePassword(current, next) {
      const response = await session.changePassword(current, next);
      return isSuccess(response.status) ? granted(response, null) : refused(response);
    },
    async devices() {
      const listed = await list();
      if (!listed.isOk) return listed;
      const devices = listed.data.map(({ device, name, enrolled, seen, current, online }, index) => ({
        number: index + 1,
        device,
        name,
        enrolledAt: Date.parse(enrolled),
        seenAt: seen === null ? null : Date.parse(seen),
        isCurrent: current,
        isOnline: online,
      }));
      return { ...listed, data: { devices } };
    },
    async revoke(which) {
      const listed = await list();
      if (!listed.isOk) return listed;
      const found = meant(listed.data, which);
      if (found.length > 1) {
        const message = `Several terminals are called ${sanitiseLine(which)}. Use the number that /devices shows.`;
        return refusal(1, 'INVALID_COMMAND', message);
      }
      const [device] = found;
      if (device === undefined) return refusal(1, 'DEVICE_NOT_FOUND');
      if (device.current)
        return refusal(
          1,
          'INVALID_COMMAND',
          'This is the terminal that you are using. Log it out with /logout.',
        );
      const response = await session.request('Account', { operation: 'REVOKE', device: device.device });
      if (!isSuccess(response.status)) return refused(response);
      const { name } = device;
      return success(1, 'DEVICE_REVOKED', { name }, `The terminal "${name}" is logged out.`);
    },
  };
}

/** The terminal with the number `which` in the list, or else the terminals named `which`. */
function meant(devices: readonly Listed[], which: string): readonly Listed[] {
  if (/^\d{1,4}$/.test(which)) return devices.slice(Number(which) - 1, Number(which));
  return devices.filter(({ name }) => foldName(name) === foldName(which));
}
