// The action that turns do not disturb on or off, also before a login.
import { success } from '../outcome.js';
import type { OwnPresence } from '../people/own-presence.js';
import type { ChatActions } from '../port.js';
import type { Notifications } from './notifications.js';

export interface DndActionParts {
  readonly notifications: Pick<Notifications, 'setDnd'>;
  readonly ownPresence: Pick<OwnPresence, 'report'>;
}

export function createDndAction({ notifications, ownPresence }: DndActionParts): Pick<ChatActions, 'setDnd'> {
  return {
    async setDnd(isOn) {
      await notifications.setDnd(isOn);
      await ownPresence.report();
      const message = isOn
        ? 'Do not disturb is on: no bell and no desktop notification until /dnd off. Messages still arrive and count as unread.'
        : 'Do not disturb is off.';
      return success(5, 'DONE', { isOn }, message);
    },
  };
}
