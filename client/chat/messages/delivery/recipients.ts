// The devices that messages are sent to, each with its send window and its retries. They send nothing themselves.
import type { DeviceId } from '../../../../core/ids.js';
import type { Schedule } from '../../../../core/time/clock.js';
import { createRetries, type Retries } from '../retries.js';
import { createSendWindow, type SendWindow } from '../send-window.js';

export interface Recipient {
  readonly window: SendWindow;
  readonly retries: Retries;
}

export interface Recipients {
  of(device: DeviceId): Recipient;
  all(): Iterable<Recipient>;
  forget(device: DeviceId): void;
  /** Whether a device was sent the message and has not answered. The device may have stored the message. */
  isUnanswered(messageId: string): boolean;
  /** Notes that the message no longer waits for `devices`, by default all devices. */
  ended(messageId: string, devices?: readonly DeviceId[]): void;
}

/** @param retry sends the messages of a device again */
export function createRecipients(schedule: Schedule, retry: (device: DeviceId) => void): Recipients {
  const recipients = new Map<DeviceId, Recipient>();
  return {
    of(device) {
      const known = recipients.get(device);
      if (known !== undefined) return known;
      const window = createSendWindow();
      const retries = createRetries(schedule, () => {
        window.resume();
        retry(device);
      });
      const recipient = { window, retries };
      recipients.set(device, recipient);
      return recipient;
    },
    all: () => recipients.values(),
    forget(device) {
      recipients.get(device)?.retries.clear();
      recipients.delete(device);
    },
    isUnanswered: (messageId) =>
      [...recipients.values()].some(({ window }) => window.isUnanswered(messageId)),
    ended(messageId, devices = [...recipients.keys()]) {
      for (const device of devices) recipients.get(device)?.retries.ended(messageId);
    },
  };
}
