// Decides whether an Enter key was pressed or was part of a paste: the terminal sends the same byte for both. Bracketed paste alone
// does not answer this: pasted text may contain the end mark of bracketed paste, and some terminals do not mark pastes at all.
//
// Measured: xterm 379 and tmux 3.3 mark pastes. xterm answers the query for bracketed paste, and tmux is recognised by the name that
// it reports. On these terminals, text without marks was typed by hand or sent by `tmux send-keys`, which sends text and Enter at once.
// The exception is a command such as tmux's `paste-buffer` without `-p`, which pastes without marks. Therefore a text that contains a
// line break counts as a paste even without marks. GNU screen 4.9 answers neither query, and it does not mark pastes.
import type { InputEvent, PasteEvent } from './parser.js';

/** An Enter key that arrives within this time after a paste or a burst of text belongs to the paste. */
const BURST_MS = 30;
/** Text that arrives within this time after other text was not typed by hand. */
const PACE_MS = 10;
/**
 * The most UTF-16 units in one read that still count as typed. Longer text without marks is a paste, even on a terminal that
 * marks pastes.
 */
const TYPED_MAX = 1_024;

const ENTER = 'enter';
/** A line feed. Some terminals send it for the line breaks of a paste. */
const LINE_FEED = 'C-j';

export class Bursts {
  readonly #now: () => number;
  readonly #marksPastes: () => boolean;
  #burstAt = Number.NEGATIVE_INFINITY;
  #textAt = Number.NEGATIVE_INFINITY;
  /** Whether the last burst is not on the screen yet. */
  #isUnseen = false;

  /**
   * @param now milliseconds of a clock that never goes back
   * @param marksPastes whether the terminal is known to put marks around pastes
   */
  constructor(now: () => number, marksPastes: () => boolean) {
    this.#now = now;
    this.#marksPastes = marksPastes;
  }

  /**
   * Returns the events of one read. Each Enter key that belongs to a burst is replaced by a line break in a paste. A burst is a
   * paste, text with Enter in the same read, several characters in one read, or text without a pause. On a terminal that marks
   * pastes, only a paste, a long text and a text that contains a line break are bursts; text with one Enter at its end becomes a
   * `line` event. Call `end` after the events took effect.
   */
  judge(events: readonly InputEvent[]): readonly InputEvent[] {
    const now = this.#now();
    const hasText = events.some(({ kind }) => kind === 'text' || kind === 'paste');
    const isAfter = now - this.#burstAt < BURST_MS;
    const marksPastes = this.#marksPastes();
    const line = marksPastes && !isAfter ? withTypedLine(events) : null;
    if (line !== null) return line;
    if (hasText) {
      const isFast = !marksPastes && now - this.#textAt < PACE_MS;
      this.#isUnseen ||= isAfter || isFast || events.some((event) => isLong(event, marksPastes));
      this.#textAt = now;
    }
    const hasEnter = events.some((event) => isKey(event, ENTER));
    if (!hasEnter || !(hasText || isAfter)) return events;
    this.#isUnseen = true;
    return joined(events);
  }

  /** Call it after the events of a read took effect. Starts the `BURST_MS` period if the last burst is not on the screen yet. */
  end(): void {
    if (this.#isUnseen) this.#burstAt = this.#now();
  }

  /** Call it just before the screen is written. Restarts the `BURST_MS` period of a burst that was not on the screen yet. */
  seen(): void {
    this.end();
    this.#isUnseen = false;
  }
}

const isKey = (event: InputEvent, key: string): boolean => event.kind === 'key' && event.key === key;

/** Whether the text is too long to be typed. Text typed by hand arrives one character at a time. */
function isLong(event: InputEvent, marksPastes: boolean): boolean {
  if (event.kind === 'paste') return true;
  if (event.kind !== 'text') return false;
  const typedMax = marksPastes ? TYPED_MAX : String.fromCodePoint(event.text.codePointAt(0) ?? 0).length;
  return event.text.length > typedMax;
}

/**
 * Replaces the last two events, text and Enter, by one `line` event. Null if the events do not end with text and Enter, or
 * contain another Enter or a long text.
 */
function withTypedLine(events: readonly InputEvent[]): readonly InputEvent[] | null {
  const [text, enter] = events.slice(-2);
  const before = events.slice(0, -2);
  if (text?.kind !== 'text' || enter === undefined || !isKey(enter, ENTER)) return null;
  const isPaste = [...before, text].some(
    (event) => isLong(event, true) || isKey(event, ENTER) || isKey(event, LINE_FEED),
  );
  return isPaste ? null : [...before, { kind: 'line', text: text.text }];
}

/** Joins adjacent texts and Enter keys into pastes. */
function joined(events: readonly InputEvent[]): readonly InputEvent[] {
  const result: InputEvent[] = [];
  for (const event of events) {
    const part = partOf(event);
    const last = result.at(-1);
    if (part === null || last?.kind !== 'paste') result.push(part ?? event);
    else
      result.splice(-1, 1, {
        kind: 'paste',
        text: last.text + part.text,
        hasEnter: last.hasEnter || part.hasEnter,
        isCut: last.isCut || part.isCut,
      });
  }
  return result;
}

/** The event as a piece of a paste; null for an event that is neither text, paste nor line break. */
function partOf(event: InputEvent): PasteEvent | null {
  if (event.kind === 'paste') return event;
  const isEnter = isKey(event, ENTER);
  if (event.kind !== 'text' && !isEnter && !isKey(event, LINE_FEED)) return null;
  return { kind: 'paste', text: event.kind === 'text' ? event.text : '\n', hasEnter: isEnter, isCut: false };
}
