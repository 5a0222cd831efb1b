// The answers of a terminal to queries: cursor positions, device attributes, the background colour, the name of the terminal, and
// whether it marks pastes. Pure.
import type { ReportEvent } from '../keys/parser.js';
import type { StringKind } from '../keys/sequences/tokens.js';

export type Report =
  /** The position of the cursor. Columns and rows count from 0. */
  | { readonly kind: 'cursor'; readonly x: number; readonly y: number }
  /** The device attributes. Every terminal answers this query, and answers queries in order. */
  | { readonly kind: 'attributes' }
  /** The terminal puts marks around pastes. */
  | { readonly kind: 'paste-marks' }
  /** The background colour, each component from 0 to 1. */
  | { readonly kind: 'background'; readonly red: number; readonly green: number; readonly blue: number };

const CURSOR = /^(\d{1,4});(\d{1,4})R$/;
const ATTRIBUTES = /^\?[\d;]{0,64}c$/;
const BACKGROUND = /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i;
/** The terminal supports bracketed paste, which is on (1) or off (2). A terminal without support answers 0. */
const PASTE_MODE = /^\?2004;[12]\$y$/;
/** The name that tmux reports. tmux marks pastes, but version 3.3 does not answer the query for bracketed paste. */
const TMUX = /^>\|tmux /;
const BEGUN_PROGRAM = /^(?:>?|>\|[\w .()+-]{0,64})$/;
const BEGUN_BACKGROUND = /^11;rgba?:[\da-f/]{0,19}$/i;

/** Whether the text is the beginning of an answer to a query of the probe, or a whole answer. */
export function beginsAnswer(kind: StringKind, text: string): boolean {
  if (kind === 'DCS') return BEGUN_PROGRAM.test(text);
  if (kind !== 'OSC') return false;
  return ['11;rgb:', '11;rgba:'].some((start) => start.startsWith(text)) || BEGUN_BACKGROUND.test(text);
}

/** Null for any other report. */
export function reportOf({ introducer, text }: Pick<ReportEvent, 'introducer' | 'text'>): Report | null {
  if (introducer === 'CSI') {
    if (ATTRIBUTES.test(text)) return { kind: 'attributes' };
    if (PASTE_MODE.test(text)) return { kind: 'paste-marks' };
    const [, row, column] = CURSOR.exec(text) ?? [];
    if (row === undefined || column === undefined) return null;
    return { kind: 'cursor', x: Number(column) - 1, y: Number(row) - 1 };
  }
  if (introducer === 'DCS') return TMUX.test(text) ? { kind: 'paste-marks' } : null;
  const [, red, green, blue] = (introducer === 'OSC' && BACKGROUND.exec(text)) || [];
  if (red === undefined || green === undefined || blue === undefined) return null;
  return { kind: 'background', red: shareOf(red), green: shareOf(green), blue: shareOf(blue) };
}

/** A colour component from 0 to 1. Terminals send it as 1 to 4 hexadecimal digits; `f` in all digits is 1. */
function shareOf(hex: string): number {
  return Number.parseInt(hex, 16) / (16 ** hex.length - 1);
}
