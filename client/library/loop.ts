// The loop over the messages and notices that a bot has not handled. It reads a page at a time from the disk, and stores the
// handled place behind the loop.
import pLimit from 'p-limit';
import { messageOf } from '../../core/errors.js';
import type { Chat as Terminal } from '../chat/port.js';
import type { PastMessage } from '../chat/results.js';
import type { HandledPlace, UnhandledEvent } from '../chat/unhandled/unhandled.js';
import { noticeObject } from '../json/events.js';
import { pastMessageObject } from '../json/past-message.js';
import type { ChatEvent, MessageEvent } from './api.js';
import { PartylineError } from './error.js';

/** The events that the loop holds in memory at most. */
const PAGE_EVENTS = 64;
/** The loop waits for the disk when more handled events than this are not stored as handled. They come again after a crash. */
const UNWRITTEN_EVENTS = 16;

export interface LoopParts {
  readonly terminal: Pick<Terminal, 'events' | 'unhandled'>;
  /** The loop gets no message with a larger hop count. */
  readonly maxHops: number;
  readonly reply: (
    message: PastMessage,
    ...rest: Parameters<MessageEvent['reply']>
  ) => ReturnType<MessageEvent['reply']>;
  /** Ends the loop. */
  readonly ending: AbortSignal;
}

export interface Loop {
  /** Begins behind the handled place. Throws a `PartylineError` while another loop runs. */
  iterate(): AsyncIterator<ChatEvent>;
  /** The message that the loop handles now; null between messages. */
  readonly current: PastMessage | null;
  /** Resolves when the handled place is on the disk. Rejects with a `PartylineError` if it could not be written. */
  flushed(): Promise<void>;
}

export function createLoop({ terminal, maxHops, reply, ending }: LoopParts): Loop {
  const { unhandled } = terminal;
  // The handled place is written in order, so that the disk holds the last one.
  const writing = pLimit(1);
  let handled: HandledPlace | null = null;
  let written: HandledPlace | null = null;
  let failure: unknown = null;
  let lastWrite = Promise.resolve();
  /** The number of marks since the first that is not on the disk. */
  let unwritten = 0;
  let isRunning = false;
  let current: PastMessage | null = null;

  /** Marks everything up to `place`. Marks that come while another is written share the next write. */
  function mark(place: HandledPlace): Promise<void> {
    handled = later(handled, place);
    unwritten += 1;
    const write = writing(async () => {
      if (handled === null || handled === written) return;
      const target = handled;
      unwritten = 0;
      await unhandled.handled(target);
      written = target;
    });
    lastWrite = write.catch((error: unknown) => {
      failure ??= error;
    });
    return write;
  }

  /** Marks without waiting. A failure ends the loop when it asks for the next event. */
  function marked(place: HandledPlace): Promise<void> {
    return mark(place).catch(() => undefined);
  }

  function eventOf(one: UnhandledEvent): ChatEvent {
    const done = async (): Promise<void> => {
      try {
        await mark(one.place);
      } catch (error) {
        throw historyFailed(error);
      }
    };
    if (one.kind === 'notice') return { ...noticeObject(one.notice), done };
    const { message } = one;
    return {
      event: 'message',
      ...pastMessageObject(message),
      reply: (text, options) => reply(message, text, options),
      done,
    };
  }

  function iterate(): AsyncIterator<ChatEvent> {
    if (isRunning) {
      throw new PartylineError(
        'Another loop over this chat is running.',
        'End the other loop with break first.',
      );
    }
    isRunning = true;
    const events: UnhandledEvent[] = [];
    let place: HandledPlace | null = null;
    let given: UnhandledEvent | null = null;
    const run = { isEnded: false };
    let hasNews = true;
    let wake: (() => void) | null = null;
    const notice = (): void => {
      hasNews = true;
      wake?.();
    };
    const listening = [terminal.events.on('message', notice), terminal.events.on('notice', notice)];
    ending.addEventListener('abort', notice, { once: true });

    function end(): IteratorReturnResult<undefined> {
      if (!run.isEnded) {
        run.isEnded = true;
        isRunning = false;
        current = null;
        for (const off of listening) off();
        ending.removeEventListener('abort', notice);
        wake?.();
      }
      return { done: true, value: undefined };
    }

    /** Reads the next page that has an event, and waits until such a page exists. */
    async function fill(): Promise<void> {
      while (events.length === 0 && !run.isEnded && !ending.aborted) {
        if (!hasNews) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        hasNews = false;
        place ??= handled ?? (await unhandled.place());
        const page = await unhandled.after(place, PAGE_EVENTS);
        // After a page with events, read again: more events may follow.
        if (page.events.length > 0) hasNews = true;
        place = page.end;
        events.push(...page.events);
      }
    }

    async function next(): Promise<IteratorResult<ChatEvent>> {
      if (given !== null) void marked(given.place);
      given = null;
      current = null;
      if (unwritten >= UNWRITTEN_EVENTS) await lastWrite;
      for (;;) {
        if (failure !== null) throw historyFailed(failure);
        await fill();
        const one = events.shift();
        if (one === undefined || run.isEnded || ending.aborted) return end();
        if (one.kind === 'message' && (one.message.hops ?? 0) > maxHops) {
          void marked(one.place);
          continue;
        }
        given = one;
        current = one.kind === 'message' ? one.message : null;
        return { done: false, value: eventOf(one) };
      }
    }

    const inTurn = pLimit(1);
    return {
      next: () =>
        inTurn(async () => {
          try {
            return run.isEnded ? end() : await next();
          } catch (error) {
            const ended = end();
            // A closing history refuses reads.
            if (ending.aborted) return ended;
            throw error instanceof PartylineError ? error : historyFailed(error);
          }
        }),
      // The event in hand is not marked: after `break` or an exception it comes again.
      return: async () => end(),
    };
  }

  return {
    iterate,
    get current() {
      return current;
    },
    async flushed() {
      await lastWrite;
      if (failure !== null) throw historyFailed(failure);
    },
  };
}

const later = (one: HandledPlace | null, other: HandledPlace): HandledPlace =>
  one !== null && one.message >= other.message && one.notice >= other.notice ? one : other;

function historyFailed(cause: unknown): PartylineError {
  return new PartylineError(
    `The history cannot be used: ${messageOf(cause)}`,
    'Check the disk, then start the bot again.',
    null,
    { cause },
  );
}
