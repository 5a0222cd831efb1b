// The plain face: one line for each event, for screen readers, grep and dumb terminals.
// It makes no decisions: the chat and the commands do.
import type { Readable, Writable } from 'node:stream';
import { type Clock, monotonicNow, systemSchedule } from '../../core/time/clock.js';
import type {
  ChatMessage,
  ChatNotice,
  ChatNotification,
  Delivery,
  LinkChange,
  SessionChange,
} from '../chat/events.js';
import { type Listeners, listenUntil } from '../chat/listeners.js';
import type { Chat } from '../chat/port.js';
import { execute } from '../commands/execute.js';
import { runPipeline } from '../stdio/pipeline.js';
import { type Output, openOutput } from '../stdio/output.js';
import { type Alarm, createAlarm } from '../wording/alarm.js';
import { complete } from '../wording/completion.js';
import { createKnownNames, type KnownNames } from './known-names.js';
import { inkFor } from './ink.js';
import { createLinkTeller } from '../wording/links.js';
import { createRefusalTeller } from '../wording/refusals.js';
import { counted } from '../wording/lists.js';
import { Prompt } from './prompt.js';
import { createRowPainter } from './row-painter.js';
import { createPipeScreen, type Screen } from './screen.js';
import { createSteadyPainter } from './steady-painter.js';
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
  /** `columns` is the present width; undefined or 0 for an output without a width. */
  readonly output: Writable & { readonly columns?: number };
  /** The environment. Only `NO_COLOR` and `TERM` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether input and output are a terminal. A terminal gets a prompt and colour. */
  readonly isTerminal: boolean;
  /** Whether a screen reader reads the terminal: nothing that was written is written again. */
  readonly isForScreenReader: boolean;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. The machine's clock by default. */
  readonly monotonicNow?: () => number;
  /** How the terminal alerts its user to a loud notification. */
  readonly notify: Alarm;
  /** Printed at the start, below the state of the session. */
  readonly note?: string | undefined;
  /** Time for which a message may stay undelivered before a line reports it. Defaults to 3 s. */
  readonly patienceMs?: number;
}

/** The state shared by the parts of a running face. */
interface Running {
  readonly chat: Chat;
  readonly screen: Screen;
  readonly transcript: Transcript;
  readonly knownNames: KnownNames;
  /** Aborts when the face ends. Nothing is printed afterwards. */
  readonly signal: AbortSignal;
  readonly print: (lines: readonly string[]) => void;
  /** The number of lines that are started and not answered. */
  startedLines: number;
}

/**
 * Runs until `/quit`, the end or destruction of `input`, Ctrl+C or the loss of `output`. After `/quit` or the end of `input` it
 * waits up to 5 s for queued messages. It does not close the chat.
 */
export async function runPlain(face: PlainFace): Promise<void> {
  const { chat, env, clock } = face;
  const isCapable = face.isTerminal && env['TERM'] !== 'dumb';
  const output = openOutput(face.output);
  const knownNames = createKnownNames();
  const me = (): string | null => chat.username;
  const ink = inkFor(isCapable && (env['NO_COLOR'] ?? '') === '');
  const transcript = createTranscript(ink, clock, me);
  const screen = isCapable
    ? new Prompt({
        input: face.input,
        output,
        schedule: systemSchedule,
        monotonicNow: face.monotonicNow ?? monotonicNow,
        note: (kind, text) => print(transcript.note(kind, text)),
        painter: face.isForScreenReader
          ? createSteadyPainter()
          : createRowPainter({
              columns: () => face.output.columns || DEFAULT_COLUMNS,
              label: () => labelOf(chat),
            }),
        complete: (line) => complete(line, { ...knownNames, conversations: chat.conversations }),
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
    knownNames,
    signal: ending.signal,
    print,
    startedLines: 0,
  };
  const undelivered = watchUndelivered({
    patienceMs: face.patienceMs ?? PATIENCE_MS,
    schedule: systemSchedule,
    print: (text) => print(transcript.note('notice', text)),
  });
  try {
    const listeners = listenUntil(chat, ending.signal);
    listeners.on('delivery', (delivery) => undelivered.note(delivery));
    show(running, listeners);
    if (face.note !== undefined) print(transcript.note('system', face.note));
    if (isCapable) {
      const alarm = createAlarm(face.notify, clock, me);
      const ring = (notification: ChatNotification): void => output.write(alarm(notification));
      listeners.on('notification', ring);
    }
    await Promise.race([converse(running, output), output.gone, screen.interrupted]);
  } finally {
    ending.abort();
    undelivered.stop();
    screen.close();
    await output.flushed();
  }
}

/** The text before the typed line: the open conversation, and the number of unread messages in the others. */
function labelOf({ current, conversationStates }: Chat): string {
  const elsewhere = conversationStates
    .filter(({ label }) => label !== current)
    .reduce((sum, { unread }) => sum + unread, 0);
  const hint = elsewhere === 0 ? '' : `[${elsewhere} elsewhere]`;
  return `${[current ?? '', hint].filter((part) => part !== '').join(' ')}> `;
}

/** Prints every event until the face ends, beginning with the state of the session. */
function show(running: Running, events: Listeners): void {
  const { chat, screen, transcript, knownNames, print } = running;
  const links = createLinkTeller(() => chat.username);
  events.on('said', (message) => print(transcript.message(message)));
  const hear = (message: ChatMessage): void => {
    knownNames.addPerson(message.from);
    print(transcript.message(message));
  };
  events.on('message', hear);
  const notice = (notice: ChatNotice): void => {
    knownNames.addPerson(notice.username);
    print(transcript.notice(notice));
  };
  events.on('notice', notice);
  const refusals = createRefusalTeller();
  const refusal = (delivery: Delivery): void => {
    const sentence = refusals.sentence(delivery);
    if (sentence !== null) print(transcript.note('error', `${delivery.conversation} ${sentence}`));
  };
  events.on('delivery', refusal);
  const link = (change: LinkChange): void => {
    const sentence = links.sentence(change);
    if (sentence !== null) print(transcript.note('notice', sentence));
  };
  events.on('link', link);
  events.on('unread', () => screen.refresh());
  events.on('warning', ({ message, at }) => print(transcript.note('error', message, at)));
  const session = (change: SessionChange): void => {
    if (change.state === 'guest') links.forget();
    // The reply of the running command carries the reason.
    if (change.state === 'guest' && change.reason !== '' && running.startedLines > 0) return;
    print(transcript.note('system', sessionSentence(change, chat.username)));
    if (change.state === 'online') void showChoice();
  };
  let placesShown = '';
  /** Lists the conversations while none is open, as after a start. The list is printed again only after a change. */
  async function showChoice(): Promise<void> {
    const isCaughtUp = await chat.whenOnline(CATCH_UP_TIMEOUT_MS);
    if (!isCaughtUp || chat.current !== null || chat.conversations.length === 0) return;
    const places = choiceSentence(chat);
    if (places === placesShown) return;
    placesShown = places;
    print(transcript.note('system', places));
  }
  events.on('session', session);
  events.on('back', (back) => print(transcript.note('system', backSentence(back))));
  session(chat.session);
  if (chat.username !== null) print(transcript.note('system', '/help lists all commands.'));
}

function choiceSentence({ conversationStates }: Chat): string {
  const places = conversationStates.map(({ label, unread }) =>
    unread > 0 ? `${label} (${unread} new)` : label,
  );
  return `No conversation is open. Use /open with one of: ${places.join(', ')}`;
}

async function converse(running: Running, output: Output): Promise<void> {
  const { chat, screen, transcript, knownNames, signal, print } = running;
  await runPipeline({
    chat,
    lines: screen.lines(),
    async *execute(line) {
      running.startedLines += 1;
      yield* execute(chat, line);
      running.startedLines -= 1;
      screen.refresh();
    },
    show(reply) {
      knownNames.addFrom(reply);
      print(transcript.reply(reply));
    },
    writable: () => output.writable(),
    signal,
  });
  if (signal.aborted) return;
  screen.close();
  const waiting = await chat.drained(0);
  if (waiting === 0) return;
  print(transcript.note('system', `Waiting up to 5 s for ${counted(waiting, 'message')} to be sent.`));
  const left = await chat.drained(DRAIN_TIMEOUT_MS);
  if (left > 0)
    print(transcript.note('system', `${counted(left, 'message')} stored, to be sent at the next start.`));
}
