// A bot over the headless chat: the loop and the actions, each with its outcome in the shapes of the JSON face.
import pLimit from 'p-limit';
import { HOPS_MAX } from '../../core/protocol/message/hops.js';
import { createShutdownStack } from '../../core/shutdown-stack.js';
import type { ConversationLabel } from '../chat/events.js';
import { listenUntil } from '../chat/listeners.js';
import type { Outcome as ChatOutcome } from '../chat/outcome.js';
import type { Chat as Terminal, Moderation } from '../chat/port.js';
import type { OpenedConversation } from '../chat/results.js';
import { offlineRefusal } from '../commands/online.js';
import { memberObject, muteObject, pageMessageObject, personObject, roomObject } from '../json/content.js';
import {
  backObject,
  deliveryObject,
  linkObject,
  presenceObject,
  sessionObject,
  warningObject,
} from '../json/events.js';
import { untilAborted } from './abort.js';
import type { CallOptions, Chat, LiveEvents, Moderated, Outcome } from './api.js';
import { PartylineError } from './error.js';
import { createLoop } from './loop.js';

/** The hop count of a bot's message that answers no message. */
const FIRST_HOP = 1;
const PAGE_MESSAGES = 50;
const DRAIN_TIMEOUT_MS = 5_000;

export interface BotParts {
  readonly terminal: Terminal;
  readonly maxHops: number;
  /** Closes the chat when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Closes the terminal. */
  readonly close: () => Promise<void>;
}

export function createBot({ terminal, maxHops, signal, close }: BotParts): Chat {
  /** Ends the loop when it asks for the next event. Calls of the event in hand still finish. */
  const ending = new AbortController();
  const closing = new AbortController();
  let closed: Promise<void> | null = null;
  // Some actions of a terminal apply to its current conversation, so only one of them runs at a time.
  const inTurn = pLimit(1);
  const loop = createLoop({
    terminal,
    maxHops,
    ending: ending.signal,
    reply: (message, text, options) =>
      call(options, () => say(message.conversation, text, (message.hops ?? 0) + 1)),
  });

  function call<T>(options: CallOptions | undefined, work: () => Promise<T>): Promise<T> {
    return untilAborted([closing.signal, options?.signal], work);
  }

  /** Asks the tracker once the terminal is online. */
  function ask<T, R>(
    options: CallOptions | undefined,
    act: () => Promise<ChatOutcome<T>>,
    shaped: (data: T) => R,
  ): Promise<Outcome<R>> {
    return call(options, async () => outcomeOf((await offlineRefusal(terminal)) ?? (await act()), shaped));
  }

  /** Acts in a room as the current conversation. */
  function inRoom<T, R>(
    room: string,
    options: CallOptions | undefined,
    act: () => Promise<ChatOutcome<T>>,
    shaped: (data: T) => R,
  ): Promise<Outcome<R>> {
    return ask(
      options,
      () =>
        inTurn(async () => {
          const opened = await terminal.open(`#${nameOf(room)}`);
          return opened.isOk ? act() : opened;
        }),
      shaped,
    );
  }

  const moderate = (
    room: string,
    moderation: Moderation,
    options: CallOptions | undefined,
  ): Promise<Outcome<Moderated>> =>
    inRoom(
      room,
      options,
      () => terminal.moderate(moderation),
      ({ conversation, username }) => ({ conversation, username }),
    );

  async function say(
    conversation: ConversationLabel,
    text: string,
    hops: number,
  ): Promise<Outcome<{ readonly id: string }>> {
    const isOpen = terminal.conversations.includes(conversation);
    if (!isOpen && conversation.startsWith('@')) {
      const opened =
        (await offlineRefusal(terminal)) ??
        (await inTurn(() => terminal.startPrivate(conversation.slice(1))));
      // Without a link to the person the conversation is open all the same, and the message waits.
      if (!opened.isOk && !('conversation' in opened)) return outcomeOf(opened, () => ({ id: '' }));
    }
    const said = await terminal.say(conversation, text, 'message', Math.min(hops, HOPS_MAX));
    return outcomeOf(said, ({ id }) => ({ id }));
  }

  function shutDown(): Promise<void> {
    closed ??= (async () => {
      ending.abort();
      signal?.removeEventListener('abort', onAbort);
      const shutdown = createShutdownStack();
      shutdown.add(close);
      shutdown.add(() => loop.flushed());
      shutdown.add(() => closing.abort(new PartylineError('The chat is closed.', 'Connect again.')));
      shutdown.add(async () => {
        if (signal?.aborted !== true) await terminal.drained(DRAIN_TIMEOUT_MS);
      });
      await shutdown.close();
    })();
    return closed;
  }

  function onAbort(): void {
    closing.abort(signal?.reason);
    // A caller of `close` gets the same promise, with its error.
    shutDown().catch(() => undefined);
  }
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    get username() {
      return terminal.username;
    },
    get session() {
      return sessionObject(terminal.session);
    },
    get conversations() {
      return terminal.conversations;
    },
    [Symbol.asyncIterator]: () => loop.iterate(),
    on(name, listener, options) {
      const ending = new AbortController();
      const end = (): void => ending.abort();
      const signals = [closing.signal, ...(options?.signal === undefined ? [] : [options.signal])];
      for (const one of signals) {
        if (one.aborted) end();
        one.addEventListener('abort', end, { once: true, signal: ending.signal });
      }
      liveListeners[name](terminal, listener, ending.signal);
      return end;
    },
    send: (conversation, text, options) =>
      call(options, () => {
        const { current } = loop;
        return say(conversation, text, current === null ? FIRST_HOP : (current.hops ?? 0) + 1);
      }),
    history: (conversation, { count = PAGE_MESSAGES, before = null, ...options } = {}) =>
      call(options, async () =>
        outcomeOf(await terminal.history(conversation, count, before), ({ messages }) =>
          messages.map(pageMessageObject),
        ),
      ),
    rooms: (options) =>
      ask(
        options,
        () => terminal.rooms(),
        ({ rooms }) => rooms.map(roomObject),
      ),
    people: (options) =>
      ask(
        options,
        () => terminal.people(),
        ({ people }) => people.map(personObject),
      ),
    members: (room, options) =>
      ask(
        options,
        () => terminal.members(nameOf(room)),
        ({ members, nextLeader }) => ({ members: members.map(memberObject), next: nextLeader }),
      ),
    join: (room, options) => ask(options, () => inTurn(() => terminal.join(nameOf(room))), opened),
    create: (room, { isPrivate = false, ...options } = {}) =>
      ask(options, () => inTurn(() => terminal.create(nameOf(room), { isPrivate })), opened),
    leave: (room, options) =>
      ask(
        options,
        () => inTurn(() => terminal.leave(nameOf(room))),
        ({ nextLeader }) => ({ next: nextLeader }),
      ),
    topic: (room, options) =>
      inRoom(
        room,
        options,
        () => terminal.topic(),
        ({ topic }) => ({ topic }),
      ),
    setTopic: (room, text, options) =>
      inRoom(
        room,
        options,
        () => terminal.setTopic(text),
        ({ topic }) => ({ topic }),
      ),
    remove: (room, username, reason, options) =>
      moderate(room, { operation: 'REMOVE', username, reason }, options),
    ban: (room, username, reason, options) => moderate(room, { operation: 'BAN', username, reason }, options),
    unban: (room, username, options) => moderate(room, { operation: 'UNBAN', username }, options),
    invite: (room, username, options) => moderate(room, { operation: 'INVITE', username }, options),
    promote: (room, username, options) => moderate(room, { operation: 'PROMOTE', username }, options),
    demote: (room, username, options) => moderate(room, { operation: 'DEMOTE', username }, options),
    mute: (conversation, { level = 'all', durationMs = null, ...options } = {}) =>
      call(options, async () =>
        outcomeOf(await terminal.mute({ label: conversation }, level, durationMs), muteObject),
      ),
    unmute: (conversation, options) =>
      call(options, async () => outcomeOf(await terminal.unmute({ label: conversation }), () => null)),
    drained: ({ timeoutMs = DRAIN_TIMEOUT_MS, ...options } = {}) =>
      call(options, () => terminal.drained(timeoutMs)),
    close: shutDown,
    [Symbol.asyncDispose]: shutDown,
  };
}

type Listen<K extends keyof LiveEvents> = (
  terminal: Terminal,
  listener: (event: LiveEvents[K]) => void,
  until: AbortSignal,
) => void;

const liveListeners: { readonly [K in keyof LiveEvents]: Listen<K> } = {
  session: (chat, listener, until) =>
    listenUntil(chat, until).on('session', (one) => listener(sessionObject(one))),
  delivery: (chat, listener, until) =>
    listenUntil(chat, until).on('delivery', (one) => listener(deliveryObject(one))),
  link: (chat, listener, until) => listenUntil(chat, until).on('link', (one) => listener(linkObject(one))),
  presence: (chat, listener, until) =>
    listenUntil(chat, until).on('presence', (one) => listener(presenceObject(one))),
  warning: (chat, listener, until) =>
    listenUntil(chat, until).on('warning', (one) => listener(warningObject(one))),
  back: (chat, listener, until) => listenUntil(chat, until).on('back', (one) => listener(backObject(one))),
};

const nameOf = (room: string): string => room.replace(/^#/, '');

const opened = ({ conversation }: OpenedConversation): { readonly conversation: ConversationLabel } => ({
  conversation,
});

function outcomeOf<T, R>(outcome: ChatOutcome<T>, shaped: (data: T) => R): Outcome<R> {
  const { status, phrase, message } = outcome;
  if (outcome.isOk) return { ok: true, status, phrase, message, data: shaped(outcome.data) };
  return { ok: false, status, phrase, message, reason: outcome.reason };
}
