// Events between the parts of one process. Listeners run at once, unlike those of Emittery. The emitter waits for them, unlike
// node:events: a part that awaits `emit` continues only after all listeners have acted.

type Listener<T> = (event: T) => void | Promise<void>;

export interface Subscribable<E> {
  /** Adds a listener. Listeners run in the order in which they were added. The function returned removes it. */
  on<K extends keyof E>(name: K, listener: Listener<E[K]>): () => void;
}

export interface Emitter<E> extends Subscribable<E> {
  /**
   * Calls every listener before it returns; resolves when all of them have finished. Rejects with the first failure, after
   * the other listeners have been called.
   */
  emit<K extends keyof E>(name: K, event: E[K]): Promise<void>;
}

export function createEmitter<E>(): Emitter<E> {
  const listeners: { [K in keyof E]?: Set<Listener<E[K]>> } = {};
  return {
    on(name, listener) {
      const known = (listeners[name] ??= new Set());
      known.add(listener);
      return () => known.delete(listener);
    },
    async emit(name, event) {
      await Promise.all([...(listeners[name] ?? [])].map(async (listener) => listener(event)));
    },
  };
}
