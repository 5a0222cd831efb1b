// The parser of terminal input: turns bytes into keys, text, pastes, mouse events and reports of the terminal. Other sequences
// are dropped.
import { keyReport } from './keyboard-reports.js';
import { mouseEvent, type MouseEvent, x10MouseEvent } from './mouse-reports.js';
import { altName, controlName } from './names.js';
import { SequenceReader } from './sequences/sequences.js';
import type { StringRules } from './sequences/string-reader.js';
import type { Sequence, Token } from './sequences/tokens.js';

export type InputEvent =
  | { readonly kind: 'text'; readonly text: string }
  /** A key by its name (`names.ts`). */
  | { readonly kind: 'key'; readonly key: string }
  /** Text and the Enter key after it, which were typed but arrived in one read. */
  | { readonly kind: 'line'; readonly text: string }
  | PasteEvent
  | MouseEvent
  | ReportEvent;

export interface PasteEvent {
  readonly kind: 'paste';
  readonly text: string;
  /** Whether line breaks of the text came as Enter keys, outside of a bracketed paste. */
  readonly hasEnter: boolean;
  /** Whether the end was dropped, because the paste is longer than 16 MiB. */
  readonly isCut: boolean;
}

/** An answer of the terminal to a request of this program. */
export interface ReportEvent {
  readonly kind: 'report';
  readonly introducer: 'CSI' | 'OSC' | 'DCS' | 'APC' | 'PM' | 'SOS';
  /** The text between introducer and end. For a CSI sequence it includes the final character, for example `12;40R`. */
  readonly text: string;
}

export class InputParser {
  readonly #reader: SequenceReader;

  constructor(rules: StringRules) {
    this.#reader = new SequenceReader(rules);
  }

  /** The milliseconds without input after which `settle` must be called; null if no sequence is incomplete. */
  get quietMs(): number | null {
    return this.#reader.quietMs;
  }

  /** Parses the bytes of one read. An incomplete sequence is kept until the next read. */
  read(chunk: Uint8Array): readonly InputEvent[] {
    return eventsOf(this.#reader.read(chunk));
  }

  /** Decides how to read an incomplete sequence. Call it when no input has come for `quietMs`. */
  settle(): readonly InputEvent[] {
    return eventsOf(this.#reader.settle());
  }
}

function eventsOf(tokens: readonly Token[]): readonly InputEvent[] {
  const events: InputEvent[] = [];
  for (const token of tokens) {
    const event = eventOf(token);
    const last = events.at(-1);
    if (event?.kind === 'text' && last?.kind === 'text')
      events.splice(-1, 1, { kind: 'text', text: last.text + event.text });
    else if (event !== null) events.push(event);
  }
  return events;
}

function eventOf(token: Token): InputEvent | null {
  switch (token.kind) {
    case 'text':
      return token;
    case 'control':
      return { kind: 'key', key: controlName(token.code) };
    case 'escape':
      return { kind: 'key', key: 'escape' };
    case 'alt':
      return { kind: 'key', key: altName(token.character) };
    case 'paste':
      return { kind: 'paste', text: token.text, hasEnter: false, isCut: token.isCut };
    case 'string':
      return { kind: 'report', introducer: token.string, text: token.text };
    case 'x10-mouse':
      return x10MouseEvent(token.bytes);
    case 'csi':
    case 'ss3':
      return sequenceEvent(token.kind, token);
  }
}

function sequenceEvent(kind: 'csi' | 'ss3', sequence: Sequence): InputEvent | null {
  const report = keyReport(kind, sequence);
  if (report === 'ignored') return null;
  if (report !== null) return 'key' in report ? { kind: 'key', ...report } : { kind: 'text', ...report };
  if (kind === 'ss3') return null;
  const { parameters, intermediates, final } = sequence;
  if (intermediates === '' && /^[Mm]$/.test(final)) return mouseEvent(parameters, final);
  return { kind: 'report', introducer: 'CSI', text: parameters + intermediates + final };
}
