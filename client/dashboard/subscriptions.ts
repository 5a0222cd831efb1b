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

export interface SubscriptionParts {
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
export function subscribe(parts: SubscriptionParts): void {
  subscribeToEvents(parts);
  begin(parts);
}

/** Takes every event of the chat into the records, and has it painted. */
function subscribeToEvents({
  chat,
  dashboard,
  clock,
  output,
  notify,
  invalidate,
  signal,
}: SubscriptionParts): void {
  const { events } = chat;
  const { timelines, directory } = dashboard;
  const alarm = createAlarm(notify, clock, () => chat.username);
  events.on('said', (message) => timelines.message(message, true), { signal });
  events.on('message', (message) => timelines.message(message, dashboard.isLookedAt(message.conversation)), {
    signal,
  });
  events.on(
    'delivery',
    (delivery) => {
      timelines.delivery(delivery);
      dashboard.delivered();
    },
    { signal },
  );
  events.on(
    'notice',
    (notice) => {
      // A person with another name takes the conversation along before that is told in it.
      dashboard.follow();
      timelines.notice(notice, chat.conversations);
    },
    { signal },
  );
  events.on(
    'link',
    (change) => {
      timelines.link(change, chat.conversations);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'session',
    (change) => {
      timelines.session(change, chat.username);
      if (change.state === 'guest' && chat.username === null) dashboard.openWelcome();
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'back',
    (back) => {
      timelines.back(back);
      dashboard.follow();
    },
    { signal },
  );
  events.on('presence', ({ username, state }) => directory.updatePresence(username, state), { signal });
  events.on(
    'warning',
    (warning) => {
      timelines.warning(warning, chat.conversations);
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

function begin({ chat, dashboard, schedule, signal }: SubscriptionParts): void {
  dashboard.timelines.session(chat.session, chat.username);
  if (chat.username === null && chat.session.state === 'guest') dashboard.openWelcome();
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
