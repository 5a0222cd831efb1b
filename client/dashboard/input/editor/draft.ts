// The text being typed, the cursor in it, and the changes that keys make. Pure. A change reads only the characters around the
// cursor and the line of the cursor, never the whole text.
import {
  boundaryAfter,
  boundaryBefore,
  boundaryFrom,
  boundaryUpTo,
} from '../../../../screen/paint/segmentation.js';

export interface Draft {
  readonly text: string;
  /** The index of the UTF-16 unit after the cursor. A grapheme begins at this unit. */
  readonly at: number;
}

export const emptyDraft: Draft = { text: '', at: 0 };

/** A changed draft, and the text that was removed, which `yank` can insert again. */
export interface Cut {
  readonly draft: Draft;
  readonly taken: string;
}

export function draftOf(text: string): Draft {
  return { text, at: text.length };
}

export function textBefore({ text, at }: Draft): string {
  return text.slice(0, at);
}

/** Inserts text at the cursor. A combining mark joins the grapheme before the cursor. */
export function inserted({ text, at }: Draft, added: string): Draft {
  const changed = text.slice(0, at) + added + text.slice(at);
  // The end of the inserted text may also join the grapheme that follows; the cursor goes after that grapheme.
  return { text: changed, at: boundaryFrom(changed, at + added.length) };
}

/** Replaces this number of UTF-16 units before the cursor with the text `by`. */
export function replaced({ text, at }: Draft, units: number, by: string): Draft {
  const start = Math.max(0, at - units);
  return inserted({ text: text.slice(0, start) + text.slice(at), at: start }, by);
}

const isBlank = (text: string, at: number): boolean => /\s/.test(text.charAt(at));

export const motions = {
  left: ({ text, at }: Draft) => boundaryBefore(text, at),
  right: ({ text, at }: Draft) => boundaryAfter(text, at),
  wordLeft({ text, at }: Draft) {
    let to = at;
    while (to > 0 && isBlank(text, to - 1)) to -= 1;
    while (to > 0 && !isBlank(text, to - 1)) to -= 1;
    return boundaryUpTo(text, to);
  },
  wordRight({ text, at }: Draft) {
    let to = at;
    while (to < text.length && isBlank(text, to)) to += 1;
    while (to < text.length && !isBlank(text, to)) to += 1;
    return boundaryFrom(text, to);
  },
  lineStart: ({ text, at }: Draft) => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1),
  lineEnd({ text, at }: Draft) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  },
} as const;
export type Motion = keyof typeof motions;

export function moved(draft: Draft, motion: Motion): Draft {
  return { ...draft, at: motions[motion](draft) };
}

/** Removes the text between the cursor and the target of the motion. */
export function erased(draft: Draft, motion: Motion): Cut {
  const { text, at } = draft;
  const to = motions[motion](draft);
  const [start, end] = to < at ? [to, at] : [at, to];
  const rest = text.slice(0, start) + text.slice(end);
  return { draft: { text: rest, at: boundaryFrom(rest, start) }, taken: text.slice(start, end) };
}

/** Moves the cursor one line up (-1) or down (1), to the same column counted in graphemes. Null if there is no such line. */
export function movedByLine(draft: Draft, by: -1 | 1): Draft | null {
  const { text, at } = draft;
  const start = motions.lineStart(draft);
  const next = by === -1 ? start - 1 : motions.lineEnd(draft);
  if (next < 0 || next >= text.length) return null;
  const target = by === -1 ? motions.lineStart({ text, at: next }) : next + 1;
  const end = motions.lineEnd({ text, at: target });
  let to = target;
  for (let passed = start; passed < at && to < end; passed = boundaryAfter(text, passed))
    to = boundaryAfter(text, to);
  return { text, at: to };
}
