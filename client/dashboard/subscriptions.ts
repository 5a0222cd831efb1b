// What happens in the chat, and what time brings, as it comes to the records and the screen. Decides nothing else.
import type { WriteStream } from 'node:tty';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { Chat } from '../chat/port.js';
import { type Alarm, createAlarm, sentenceOf } from '../wording/alarm.js';
import type { Dashboard } from './dashboard.js';

/** The clock in the status bar, and who is online. */
const TICK_MS = 15_000;
/** Between two round trips of every link. */
const MEASURE_MS = 2_000;

export interface ListeningParts {
  readonly chat: Chat;
  readonly dashboard: Dashboard;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly output: WriteStream;
  readonly notify: Alarm;
  /** What others do is to be painted. */
  readonly invalidate: () => void;
  /** When it has aborted, nothing is listened to any more. */
  readonly signal: AbortSignal;
}

/** Shows what there is, and from then on what comes. */
export function listen(parts: ListeningParts): void {
  takeEvents(parts);
  begin(parts);
}

/** Takes every event of the chat into the records, and has it painted. */
function takeEvents({ chat, dashboard, clock, output, notify, invalidate, signal }: ListeningParts): void {
  const { events } = chat;
  const { records, facts } = dashboard;
  const alarm = createAlarm(notify, clock, () => chat.username);
  events.on('said', (message) => records.message(message, true), { signal });
  events.on('message', (message) => records.message(message, dashboard.isLookedAt(message.conversation)), {
    signal,
  });
  events.on(
    'delivery',
    (delivery) => {
      records.delivery(delivery);
      dashboard.delivered();
    },
    { signal },
  );
  events.on(
    'notice',
    (notice) => {
      // A person with another name takes the conversation along before that is told in it.
      dashboard.follow();
      records.notice(notice, chat.conversations);
    },
    { signal },
  );
  events.on(
    'link',
    (change) => {
      records.link(change, chat.conversations);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'session',
    (change) => {
      records.session(change, chat.username);
      if (change.state === 'guest' && chat.username === null) dashboard.welcome();
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'back',
    (back) => {
      records.back(back);
      dashboard.follow();
    },
    { signal },
  );
  events.on('presence', ({ username, state }) => facts.told(username, state), { signal });
  events.on(
    'warning',
    (warning) => {
      records.warning(warning, chat.conversations);
      dashboard.flash(`!! ${warning.message}`);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'notification',
    (notification) => {
      const call = alarm(notification);
      // Who does not look hears nothing of what came before.
      if (!output.writableNeedDrain) output.write(call);
      if (notification.conversation === null || !dashboard.isLookedAt(notification.conversation)) {
        dashboard.flash(`>> ${sentenceOf(notification, chat.username)}`);
      }
    },
    { signal },
  );
  events.onAny(invalidate, { signal });
}

function begin({ chat, dashboard, schedule, signal }: ListeningParts): void {
  dashboard.records.session(chat.session, chat.username);
  if (chat.username === null && chat.session.state === 'guest') dashboard.welcome();
  dashboard.follow();
  const every = (delayMs: number, act: () => void): void => {
    schedule(delayMs, () => {
      if (signal.aborted) return;
      act();
      every(delayMs, act);
    });
  };
  every(TICK_MS, () => dashboard.follow());
  dashboard.measure();
  every(MEASURE_MS, () => dashboard.measure());
}
