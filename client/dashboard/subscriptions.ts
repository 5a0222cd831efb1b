// The dashboard's subscriptions to the events of the chat, and its periodic refreshes.
import type { Writable } from 'node:stream';
import type { Clock, Schedule } from '../../core/time/clock.js';
import { every } from '../../core/time/wait.js';
import { type Listeners, listenUntil } from '../chat/listeners.js';
import type { Chat } from '../chat/port.js';
import { type Alarm, createAlarm, sentenceOf } from '../wording/alarm.js';
import type { Dashboard } from './dashboard.js';

/** Interval of the refresh that updates the clock in the status bar and the list of people. */
const REFRESH_MS = 15_000;
/** Interval between round-trip measurements of all links. */
const MEASURE_MS = 2_000;

export interface SubscriptionParts {
  readonly chat: Chat;
  readonly dashboard: Dashboard;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly output: Pick<Writable, 'write' | 'writableNeedDrain'>;
  readonly notify: Alarm;
  /** Repaints after an event of the chat. */
  readonly invalidate: () => void;
  /** Ends all subscriptions and refreshes when aborted. */
  readonly signal: AbortSignal;
}

/** Subscribes to the chat, shows its present state, and starts the periodic refreshes. */
export function subscribe(parts: SubscriptionParts): void {
  const listeners = listenUntil(parts.chat, parts.signal);
  subscribeToMessages(parts, listeners);
  subscribeToState(parts, listeners);
  subscribeToNotifications(parts, listeners);
  listeners.onAny(parts.invalidate);
  showPresentState(parts);
  refreshPeriodically(parts);
}

function subscribeToMessages({ dashboard }: SubscriptionParts, events: Listeners): void {
  const { timelines, monitor, navigation } = dashboard;
  events.on('said', (message) => timelines.addMessage(message, true));
  events.on('message', (message) =>
    timelines.addMessage(message, navigation.watched === message.conversation),
  );
  events.on('delivery', (delivery) => {
    timelines.markDelivery(delivery);
    monitor.refreshQueues();
  });
}

function subscribeToState({ chat, dashboard }: SubscriptionParts, events: Listeners): void {
  const { timelines, directory, overlays, status } = dashboard;
  events.on('notice', (notice) => {
    // The refresh comes first, so that a renamed person's conversation has its new label when the notice is added.
    dashboard.refresh();
    timelines.addNotice(notice, chat.conversations);
  });
  events.on('link', (change) => {
    timelines.addLinkChange(change, chat.conversations);
    dashboard.refresh();
  });
  events.on('session', (change) => {
    timelines.addSessionChange(change, chat.username);
    if (change.state === 'guest' && chat.username === null) overlays.openWelcome();
    dashboard.refresh();
  });
  events.on('back', (back) => {
    timelines.addReturn(back);
    dashboard.refresh();
  });
  events.on('presence', ({ username, state }) => directory.updatePresence(username, state));
  events.on('warning', (warning) => {
    timelines.addWarning(warning, chat.conversations);
    status.show(`!! ${warning.message}`);
    dashboard.refresh();
  });
}

function subscribeToNotifications(
  { chat, dashboard, clock, output, notify }: SubscriptionParts,
  events: Listeners,
): void {
  const { navigation, status } = dashboard;
  const alarm = createAlarm(notify, clock, () => chat.username);
  events.on('notification', (notification) => {
    const alarmBytes = alarm(notification);
    // Drop the alarm while the terminal accepts no output, so that old alarms do not pile up.
    if (!output.writableNeedDrain) output.write(alarmBytes);
    if (notification.conversation === null || navigation.watched !== notification.conversation) {
      status.show(`>> ${sentenceOf(notification, chat.username)}`);
    }
  });
}

function showPresentState({ chat, dashboard }: SubscriptionParts): void {
  dashboard.timelines.addSessionChange(chat.session, chat.username);
  if (chat.username === null && chat.session.state === 'guest') dashboard.overlays.openWelcome();
  dashboard.refresh();
}

function refreshPeriodically({ dashboard, schedule, signal }: SubscriptionParts): void {
  const { monitor } = dashboard;
  const endRefresh = every(schedule, REFRESH_MS, () => dashboard.refresh());
  monitor.measure();
  const endMeasuring = every(schedule, MEASURE_MS, () => monitor.measure());
  signal.addEventListener(
    'abort',
    () => {
      endRefresh();
      endMeasuring();
    },
    { once: true },
  );
}
