// Listeners for chat events, all removed when one signal aborts. They share one listener of the signal, because Node warns of a
// leak when a signal has more than ten.
import type { ChatEvents } from './events.js';
import type { Chat } from './port.js';

export interface Listeners {
  on<K extends keyof ChatEvents>(name: K, listener: (event: ChatEvents[K]) => void | Promise<void>): void;
  /** Adds a listener for every event. */
  onAny(listener: () => void): void;
}

/** Adds no listener once the signal is aborted. */
export function listenUntil({ events }: Pick<Chat, 'events'>, signal: AbortSignal): Listeners {
  const ends: (() => void)[] = [];
  const keep = (add: () => () => void): void => {
    if (!signal.aborted) ends.push(add());
  };
  signal.addEventListener(
    'abort',
    () => {
      for (const end of ends.splice(0)) end();
    },
    { once: true },
  );
  return {
    on: (name, listener) => keep(() => events.on(name, listener)),
    onAny: (listener) => keep(() => events.onAny(listener)),
  };
}
