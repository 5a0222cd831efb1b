// The plain face: one line an event, for screen readers, for grep, and for terminals that can do little.
// Decides nothing: the chat and the commands do.
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../core/time/clock.js';
import type { ChatMessage, ChatNotice, ChatNotification, LinkChange, SessionChange } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import { execute } from '../commands/execute.js';
import { openOutput } from '../stdio/output.js';
import { type Alarm, createAlarm } from '../wording/alarm.js';
import { complete } from '../wording/completion.js';
import { createFamiliarNames, type FamiliarNames } from './known-names.js';
import { inkFor } from './ink.js';
import { createLinkTeller } from '../wording/links.js';
import { counted } from '../wording/lists.js';
import { Prompt } from './prompt.js';
import { createPipeScreen, type Screen } from './screen.js';
import { backSentence } from '../wording/back.js';
import { sessionSentence } from '../wording/sentences.js';
import { createTranscript, type Transcript } from './transcript.js';
import { watchUndelivered } from './undelivered.js';

const DRAIN_TIMEOUT_MS = 5_000;
const PATIENCE_MS = 3_000;
const CATCH_UP_TIMEOUT_MS = 10_000;
const DEFAULT_COLUMNS = 80;

export interface PlainFace {
  readonly chat: Chat;
  readonly input: Readable;
  /** `columns`, where there are any, is how wide it is now. */
  readonly output: Writable & { readonly columns?: number };
  /** Of which `NO_COLOR` and `TERM` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person sits at both ends: then there is a prompt, and colour. */
  readonly isTerminal: boolean;
  readonly clock: Clock;
  /** How a terminal calls its user to what is loud. */
  readonly notify: Alarm;
  /** Told at the start, below how the session is. */
  readonly note?: string | undefined;
  /** How long a message may be queued before that is worth a line; 3 s unless told. */
  readonly patienceMs?: number;
}

/** What the parts of a running face share. */
interface Running {
  readonly chat: Chat;
  readonly screen: Screen;
  readonly transcript: Transcript;
  readonly familiar: FamiliarNames;
  /** Aborts when the face ends: nothing is printed after that. */
  readonly signal: AbortSignal;
  readonly print: (lines: readonly string[]) => void;
  /** While a command runs. */
  isBusy: boolean;
}

/**
 * Runs until `/quit`, the end of `input` (destroying it ends it), Ctrl+C or the loss of `output`; after the first two up to 5 s more while own
 * messages are queued. Closing the chat is left to the caller.
 */
export async function runPlain(face: PlainFace): Promise<void> {
  const { chat, env, clock } = face;
  const isCapable = face.isTerminal && env['TERM'] !== 'dumb';
  const output = openOutput(face.output);
  const familiar = createFamiliarNames();
  const me = (): string | null => chat.username;
  const ink = inkFor(isCapable && (env['NO_COLOR'] ?? '') === '');
  const transcript = createTranscript(ink, clock, me);
  const screen = isCapable
    ? new Prompt({
        input: face.input,
        output,
        columns: () => face.output.columns || DEFAULT_COLUMNS,
        label: () => labelOf(chat),
        complete: (line) => complete(line, { ...familiar, conversations: chat.conversations }),
      })
    : createPipeScreen(face.input, output);
  const ending = new AbortController();
  const print = (lines: readonly string[]): void => {
    if (!ending.signal.aborted) screen.print(lines);
  };
  const running: Running = {
    chat,
    screen,
    transcript,
    familiar,
    signal: ending.signal,
    print,
    isBusy: false,
  };
  const undelivered = watchUndelivered(face.patienceMs ?? PATIENCE_MS, (text) =>
    print(transcript.note('notice', text)),
  );
  try {
    chat.events.on('delivery', (delivery) => undelivered.note(delivery), { signal: ending.signal });
    show(running);
    if (face.note !== undefined) print(transcript.note('system', face.note));
    if (isCapable) {
      const alarm = createAlarm(face.notify, clock, me);
      const ring = (notification: ChatNotification): void => output.write(alarm(notification));
      chat.events.on('notification', ring, { signal: ending.signal });
    }
    await Promise.race([converse(running), output.gone, screen.interrupted]);
  } finally {
    ending.abort();
    undelivered.stop();
    screen.close();
    await output.flushed();
  }
}

/** What stands before the line that is typed: where it goes, and how much waits to be read elsewhere. */
function labelOf({ current, conversationStates }: Chat): string {
  const elsewhere = conversationStates
    .filter(({ label }) => label !== current)
    .reduce((sum, { unread }) => sum + unread, 0);
  const hint = elsewhere === 0 ? '' : `[${elsewhere} elsewhere]`;
  return `${[current ?? '', hint].filter((part) => part !== '').join(' ')}> `;
}

/** Prints every event until the face ends, beginning with the state of the session. */
function show(running: Running): void {
  const { chat, screen, transcript, familiar, signal, print } = running;
  const { events } = chat;
  const links = createLinkTeller(() => chat.username);
  events.on('said', (message) => print(transcript.message(message)), { signal });
  const hear = (message: ChatMessage): void => {
    familiar.meet(message.from);
    print(transcript.message(message));
  };
  events.on('message', hear, { signal });
  const notice = (notice: ChatNotice): void => {
    familiar.meet(notice.username);
    print(transcript.notice(notice));
  };
  events.on('notice', notice, { signal });
  const link = (change: LinkChange): void => {
    const sentence = links.sentence(change);
    if (sentence !== null) print(transcript.note('notice', sentence));
  };
  events.on('link', link, { signal });
  events.on('unread', () => screen.refresh(), { signal });
  events.on('warning', ({ message, at }) => print(transcript.note('error', message, at)), { signal });
  const session = (change: SessionChange): void => {
    if (change.state === 'guest') links.forget();
    // Why a command ended as a guest is told by its answer.
    if (change.state === 'guest' && change.reason !== '' && running.isBusy) return;
    print(transcript.note('system', sessionSentence(change, chat.username)));
    if (change.state === 'online') void whereTo();
  };
  let placesTold = '';
  /** After a start nothing is open: the user chooses, and is told between what; again when that is something else. */
  async function whereTo(): Promise<void> {
    const isCaughtUp = await chat.whenOnline(CATCH_UP_TIMEOUT_MS);
    if (!isCaughtUp || chat.current !== null || chat.conversations.length === 0) return;
    const places = whereToSentence(chat);
    if (places === placesTold) return;
    placesTold = places;
    print(transcript.note('system', places));
  }
  events.on('session', session, { signal });
  events.on('back', (back) => print(transcript.note('system', backSentence(back))), { signal });
  session(chat.session);
  if (chat.username !== null) print(transcript.note('system', '/help lists all commands.'));
}

function whereToSentence({ conversationStates }: Chat): string {
  const places = conversationStates.map(({ label, unread }) =>
    unread > 0 ? `${label} (${unread} new)` : label,
  );
  return `Nothing is open. Open a conversation with /open: ${places.join(', ')}`;
}

async function converse(running: Running): Promise<void> {
  const { chat, screen, transcript, familiar, signal, print } = running;
  for await (const line of screen.lines()) {
    running.isBusy = true;
    const replies = await execute(chat, line);
    running.isBusy = false;
    for (const reply of replies) {
      familiar.learn(reply);
      print(transcript.reply(reply));
    }
    if (signal.aborted) return;
    screen.refresh();
    if (line.kind === 'command' && line.isLast) break;
  }
  screen.close();
  const waiting = await chat.drained(0);
  if (waiting === 0) return;
  print(transcript.note('system', `Waiting up to 5 s for ${counted(waiting, 'message')} to go out.`));
  const left = await chat.drained(DRAIN_TIMEOUT_MS);
  if (left > 0) print(transcript.note('system', `${counted(left, 'message')} kept: sent when you are back.`));
}
