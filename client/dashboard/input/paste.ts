// The insertion of a paste into the input line. The user is asked first if the paste has many lines, contains Enter keys, or is
// too long for a message. Otherwise it is inserted at once.
import type { Clock } from '../../../core/time/clock.js';
import { limits } from '../../../core/protocol/limits.js';
import { LINE_MAX_BYTES } from '../../commands/line.js';
import { type Choice, Menu } from '../overlay/menu.js';
import type { Overlays } from '../overlay/overlays.js';
import { boundaryUpTo } from '../../../screen/paint/segmentation.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Editor } from './editor/editor.js';
import { keyOf } from './keys/legend.js';
import type { Bindings } from './keys/bindings.js';
import type { PasteEvent } from '../../../screen/keys/parser.js';
import { savePaste } from './save-paste.js';

/** A paste with more lines causes a question. */
const LINES_MAX = 3;
/** A paste of at most this many UTF-16 units is inserted without a question, even if the draft is too long for a message. */
const SHORT = 64;

export interface PastesParts {
  readonly overlays: Pick<Overlays, 'top' | 'open' | 'close'>;
  readonly editor: Editor;
  readonly status: StatusMessages;
  readonly bindings: Bindings;
  readonly theme: Theme;
  readonly clock: Clock;
  readonly invalidate: () => void;
}

export class Pastes {
  readonly #parts: PastesParts;
  /** The open question, and the pasted text that it is about; null if no question is open. */
  #asked: { readonly question: Menu; readonly event: PasteEvent } | null = null;

  constructor(parts: PastesParts) {
    this.#parts = parts;
  }

  /** Whether the question about a paste is open. Text that is pasted meanwhile is appended to the same paste. */
  get isAsking(): boolean {
    return this.#asked !== null && this.#parts.overlays.top === this.#asked.question;
  }

  /**
   * Handles a paste. If an overlay is open, its field gets the text without a question; text after the first Enter key is
   * dropped, because it was meant for no field.
   */
  receive(received: PasteEvent): void {
    const { overlays, editor } = this.#parts;
    const event = this.isAsking && this.#asked !== null ? appended(this.#asked.event, received) : received;
    const text = pastedText(event.text, event.hasEnter);
    if (overlays.top !== null && !this.isAsking) overlays.top.type(fieldText(text, event.hasEnter));
    else {
      const lines = text.split('\n').length;
      const isTooLong = Buffer.byteLength(text) + Buffer.byteLength(editor.text) > limits.messageMaxBytes;
      if (isTooLong && text.length > SHORT) this.#ask(event, text, this.#whenTooLong(text, event.text));
      else if (lines > (event.hasEnter ? 1 : LINES_MAX)) this.#ask(event, text, this.#whenLong(text));
      else editor.insert(text);
    }
    if (event.hasEnter && !this.isAsking) this.#explainEnter();
  }

  #explainEnter(): void {
    const { status, bindings } = this.#parts;
    const enter = keyOf('enter', bindings);
    const remedy = enter === null ? '' : ` Press ${enter} to go on.`;
    status.show(`Enter came together with text, as in a paste, and had no effect.${remedy}`);
  }

  #ask(event: PasteEvent, text: string, choices: readonly Choice[]): void {
    const { overlays, theme } = this.#parts;
    const bytes = Buffer.byteLength(text);
    const lines = text.split('\n').length;
    const size = lines > 1 ? `${lines} lines (${bytes} bytes)` : `${bytes} bytes`;
    const isTooLong = bytes > limits.messageMaxBytes;
    const question = new Menu({
      title: 'Paste',
      message: [
        `The pasted text has ${size}.`,
        ...(isTooLong ? [`A message has at most ${limits.messageMaxBytes} bytes.`] : []),
        ...(event.isCut ? ['The rest of the paste was dropped.'] : []),
      ].join(' '),
      theme,
      choices,
    });
    this.#asked = { question, event };
    overlays.open(question);
  }

  #whenLong(text: string): readonly Choice[] {
    return [
      { label: 'Insert the lines, to send them as one message', choose: () => this.#answer(text) },
      { label: 'Join the lines to one', choose: () => this.#answer(inOneLine(text)) },
      { label: 'Cancel', choose: () => this.#answer('') },
    ];
  }

  #whenTooLong(text: string, pasted: string): readonly Choice[] {
    const { editor } = this.#parts;
    const draftBytes = Buffer.byteLength(editor.text);
    const isLine = Buffer.byteLength(text) + draftBytes <= LINE_MAX_BYTES;
    const start = startOf(text, limits.messageMaxBytes - draftBytes);
    const cut: Choice = {
      label: `Insert the first ${Buffer.byteLength(start)} bytes, which fit in the message`,
      choose: () => this.#answer(start),
    };
    const all: Choice = {
      label: 'Insert the whole text, to shorten it here',
      choose: () => this.#answer(text),
    };
    return [
      { label: 'Save it to a file', choose: () => void this.#save(pasted) },
      ...(start === '' ? [] : [cut]),
      ...(isLine ? [all] : []),
      { label: 'Discard it', choose: () => this.#answer('') },
    ];
  }

  #answer(text: string): void {
    const { overlays, editor } = this.#parts;
    this.#asked = null;
    overlays.close();
    if (text !== '') editor.insert(text);
  }

  async #save(pasted: string): Promise<void> {
    const { status, clock, invalidate } = this.#parts;
    this.#answer('');
    const saved = await savePaste(process.cwd(), pasted.replaceAll(/\r\n?/g, '\n'), clock.now());
    if ('file' in saved) status.show(`The paste is in ${saved.file}.`);
    else status.show(`!! ${saved.problem}`, 'error');
    invalidate();
  }
}

/**
 * The text with `\n` as line break and spaces for control characters. Removes the line break at its end, or all line breaks at
 * its end if they came as Enter keys.
 */
function pastedText(pasted: string, hasEnter: boolean): string {
  const text = pasted
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
  return text.replace(hasEnter ? /\n+$/ : /\n$/, '');
}

function appended(event: PasteEvent, next: PasteEvent): PasteEvent {
  return {
    kind: 'paste',
    text: event.text + next.text,
    hasEnter: event.hasEnter || next.hasEnter,
    isCut: event.isCut || next.isCut,
  };
}

function fieldText(text: string, hasEnter: boolean): string {
  return hasEnter ? (text.split('\n')[0] ?? '') : text.replaceAll('\n', ' ');
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** The longest beginning of the text that has at most `bytes` bytes in UTF-8 and does not split a grapheme. */
function startOf(text: string, bytes: number): string {
  if (bytes <= 0) return '';
  const encoded = new TextEncoder().encodeInto(text.slice(0, bytes), new Uint8Array(bytes));
  return text.slice(0, boundaryUpTo(text, encoded.read));
}
