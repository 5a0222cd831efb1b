// The judgement whether an Enter key was pressed or came with a paste: the terminal sends both as the same byte. Bracketed pastes are
// not enough, because a pasted text may contain their end mark, and some terminals do not mark pastes at all.
import type { InputEvent, PasteEvent } from './keys/parser.js';

/** An Enter within this time after a paste or a burst of text belongs to the paste. */
const BURST_MS = 30;
/** Text that follows text this soon was not typed by hand. */
const PACE_MS = 10;

const ENTER = 'enter';
/** A line feed. Some terminals send it for the line breaks of a paste. */
const LINE_FEED = 'C-j';

export class Bursts {
  readonly #now: () => number;
  #burstAt = Number.NEGATIVE_INFINITY;
  #textAt = Number.NEGATIVE_INFINITY;
  /** Whether the last burst is not on the screen yet. */
  #isUnseen = false;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The events of one read, in which each Enter that belongs to a burst became a line break of a paste. A read with text and Enter is
   * a burst, and so are a paste, several characters in one read, and text without a pause. Call `end` after the events took effect.
   */
  judge(events: readonly InputEvent[]): readonly InputEvent[] {
    const now = this.#now();
    const hasText = events.some(({ kind }) => kind === 'text' || kind === 'paste');
    const isAfter = now - this.#burstAt < BURST_MS;
    if (hasText) {
      this.#isUnseen ||= isAfter || now - this.#textAt < PACE_MS || events.some(isLong);
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

/** Whether the text is longer than one character. A hand types one at a time. */
function isLong(event: InputEvent): boolean {
  if (event.kind === 'paste') return true;
  return (
    event.kind === 'text' && event.text.length > String.fromCodePoint(event.text.codePointAt(0) ?? 0).length
  );
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
