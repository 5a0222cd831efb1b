// What a user can do with the account that is logged in here.
import type { z } from 'zod';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { foldName, usernameSchema } from '../../../core/protocol/names.js';
import { deviceListSchema, renamedSchema } from '../../../core/protocol/operations.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { Outcome } from '../events.js';
import { outcome, outcomeOf, refused, unusable } from '../outcome.js';

export interface AccountActions {
  rename(username: string): Promise<Outcome>;
  changePassword(current: string, next: string): Promise<Outcome>;
  devices(): Promise<Outcome>;
  /** @param which a number of the list, or else a name */
  revoke(which: string): Promise<Outcome>;
}

type Listed = z.infer<typeof deviceListSchema>['devices'][number];

export function createAccountActions(session: Session): AccountActions {
  async function list(): Promise<
    { readonly response: Response; readonly devices: readonly Listed[] } | { readonly refusal: Outcome }
  > {
    const response = await session.request('Account', { operation: 'DEVICES' });
    if (!isSuccess(response.status)) return { refusal: refused(response) };
    const listed = deviceListSchema.safeParse(response.data);
    if (!listed.success) return { refusal: unusable(explain(listed.error)) };
    const devices = listed.data.devices.map((one) => ({ ...one, name: sanitiseLine(one.name) }));
    return { response, devices };
  }

  return {
    async rename(written) {
      const parsed = usernameSchema.safeParse(written);
      if (!parsed.success) {
        return outcome(1, 'INVALID_COMMAND', { message: `${explain(parsed.error)} Use /rename NAME.` });
      }
      const response = await session.request('Account', { operation: 'RENAME', username: parsed.data });
      if (!isSuccess(response.status)) return refused(response);
      const renamed = renamedSchema.safeParse(response.data);
      if (!renamed.success) return unusable(explain(renamed.error));
      await session.called(renamed.data.username);
      return outcomeOf(response, { username: renamed.data.username });
    },
    async changePassword(current, next) {
      const response = await session.changePassword(current, next);
      return isSuccess(response.status) ? outcomeOf(response) : refused(response);
    },
    async devices() {
      const listed = await list();
      if ('refusal' in listed) return listed.refusal;
      const devices = listed.devices.map(({ name, enrolled, seen, current, online }, index) => ({
        number: index + 1,
        name,
        enrolled: sanitiseLine(enrolled),
        seen: seen === null ? null : sanitiseLine(seen),
        current,
        online,
      }));
      return outcomeOf(listed.response, { devices });
    },
    async revoke(which) {
      const listed = await list();
      if ('refusal' in listed) return listed.refusal;
      const found = meant(listed.devices, which);
      if (found.length > 1) {
        const message = `Several terminals are called ${sanitiseLine(which)}: give the number of one, as /devices shows it.`;
        return outcome(1, 'INVALID_COMMAND', { message });
      }
      const [device] = found;
      if (device === undefined) return outcome(1, 'DEVICE_NOT_FOUND');
      if (device.current) {
        return outcome(1, 'INVALID_COMMAND', { message: 'That is this terminal: use /logout.' });
      }
      const response = await session.request('Account', { operation: 'REVOKE', device: device.device });
      if (!isSuccess(response.status)) return refused(response);
      const message = `The terminal "${device.name}" is logged out.`;
      return outcome(1, 'DEVICE_REVOKED', { message, data: { name: device.name } });
    },
  };
}

function meant(devices: readonly Listed[], which: string): readonly Listed[] {
  if (/^\d{1,4}$/.test(which)) return devices.slice(Number(which) - 1, Number(which));
  return devices.filter(({ name }) => foldName(name) === foldName(which));
}
