// The judgement whether an Enter key was pressed or came with a paste: the terminal sends both as the same byte. Bracketed pastes are
// not enough, because a pasted text may contain their end mark, and some terminals do not mark pastes at all.
//
// Measured: xterm 379 answers the query for bracketed pastes, and tmux 3.3 gives its name. Text without marks was typed on such a
// terminal, by a hand or by `tmux send-keys`, which sends text and Enter at once. Only a command such as tmux's `paste-buffer`
// without `-p` pastes without marks, hence a line break within the text still makes it a paste. GNU screen 4.9 gives neither
// answer, and it marks no pastes.
import type { InputEvent, PasteEvent } from './parser.js';

/** An Enter within this time after a paste or a burst of text belongs to the paste. */
const BURST_MS = 30;
/** Text that follows text this soon was not typed by hand. */
const PACE_MS = 10;
/** UTF-16 units of a text that is typed at once. On a terminal that marks pastes, a longer text is a paste without marks. */
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
   * The events of one read, in which each Enter that belongs to a burst became a line break of a paste. A read with text and Enter is
   * a burst, and so are a paste, several characters in one read, and text without a pause. On a terminal that marks pastes only a
   * paste, a long text and text with a line break within it are bursts; text and the Enter that ends it are a line.
   * Call `end` after the events took effect.
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

  /** Reports that the events of a read took effect: the time after a burst begins. */
  end(): void {
    if (this.#isUnseen) this.#burstAt = this.#now();
  }

  /** Reports that the screen is about to be written: the time after a burst that was not on it begins again. */
  seen(): void {
    this.end();
    this.#isUnseen = false;
  }
}

const isKey = (event: InputEvent, key: string): boolean => event.kind === 'key' && event.key === key;

/** Whether the text is longer than a typed one. A hand types one character at a time. */
function isLong(event: InputEvent, marksPastes: boolean): boolean {
  if (event.kind === 'paste') return true;
  if (event.kind !== 'text') return false;
  const typedMax = marksPastes ? TYPED_MAX : String.fromCodePoint(event.text.codePointAt(0) ?? 0).length;
  return event.text.length > typedMax;
}

/** The events with a line at their end; null unless they end with text and the only Enter. */
function withTypedLine(events: readonly InputEvent[]): readonly InputEvent[] | null {
  const [text, enter] = events.slice(-2);
  const before = events.slice(0, -2);
  if (text?.kind !== 'text' || enter === undefined || !isKey(enter, ENTER)) return null;
  const isPaste = [...before, text].some(
    (event) => isLong(event, true) || isKey(event, ENTER) || isKey(event, LINE_FEED),
  );
  return isPaste ? null : [...before, { kind: 'line', text: text.text }];
}

/** Joins neighbouring texts and Enter keys to pastes. */
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

/** Null for an event that is no text. */
function partOf(event: InputEvent): PasteEvent | null {
  if (event.kind === 'paste') return event;
  const isEnter = isKey(event, ENTER);
  if (event.kind !== 'text' && !isEnter && !isKey(event, LINE_FEED)) return null;
  return { kind: 'paste', text: event.kind === 'text' ? event.text : '\n', hasEnter: isEnter, isCut: false };
}
