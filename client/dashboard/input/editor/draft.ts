// The text being typed, as graphemes with a cursor between two of them, and its changes by keys. Pure.

export interface Draft {
  readonly graphemes: readonly string[];
  /** The index of the grapheme after the cursor. */
  readonly at: number;
}

export const emptyDraft: Draft = { graphemes: [], at: 0 };

/** A changed draft, and the text that was removed, which `yank` can insert again. */
export interface Cut {
  readonly draft: Draft;
  readonly taken: string;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const split = (text: string): readonly string[] => Array.from(segmenter.segment(text), (one) => one.segment);
const isBlank = (grapheme: string | undefined): boolean => grapheme !== undefined && /^\s+$/.test(grapheme);

export function draftOf(text: string): Draft {
  const graphemes = split(text);
  return { graphemes, at: graphemes.length };
}

export function textOf({ graphemes }: Draft): string {
  return graphemes.join('');
}

export function textBefore({ graphemes, at }: Draft): string {
  return graphemes.slice(0, at).join('');
}

/** Inserts text at the cursor. A combining mark joins the grapheme before it. */
export function inserted(draft: Draft, text: string): Draft {
  const before = textBefore(draft) + text;
  const after = draft.graphemes.slice(draft.at).join('');
  const graphemes = split(before + after);
  // The text may also join the grapheme after it.
  return { graphemes, at: Math.min(split(before).length, graphemes.length) };
}

export const motions = {
  left: ({ at }: Draft) => at - 1,
  right: ({ at }: Draft) => at + 1,
  wordLeft(draft: Draft) {
    let { at } = draft;
    while (isBlank(draft.graphemes[at - 1])) at -= 1;
    while (at > 0 && !isBlank(draft.graphemes[at - 1])) at -= 1;
    return at;
  },
  wordRight(draft: Draft) {
    let { at } = draft;
    while (isBlank(draft.graphemes[at])) at += 1;
    while (at < draft.graphemes.length && !isBlank(draft.graphemes[at])) at += 1;
    return at;
  },
  lineStart: ({ graphemes, at }: Draft) => graphemes.slice(0, at).lastIndexOf('\n') + 1,
  lineEnd(draft: Draft) {
    const end = draft.graphemes.indexOf('\n', draft.at);
    return end < 0 ? draft.graphemes.length : end;
  },
} as const;
export type Motion = keyof typeof motions;

export function moved(draft: Draft, motion: Motion): Draft {
  return { ...draft, at: placed(draft, motions[motion](draft)) };
}

/** Removes the text between the cursor and the target of the motion. */
export function erased(draft: Draft, motion: Motion): Cut {
  const to = placed(draft, motions[motion](draft));
  const [start, end] = to < draft.at ? [to, draft.at] : [draft.at, to];
  const rest = [...draft.graphemes.slice(0, start), ...draft.graphemes.slice(end)];
  return { draft: { graphemes: rest, at: start }, taken: draft.graphemes.slice(start, end).join('') };
}

/** Moves a line up (-1) or down (1), to the same column. Null if there is no such line. */
export function movedByLine(draft: Draft, by: -1 | 1): Draft | null {
  const start = motions.lineStart(draft);
  const offset = draft.at - start;
  if (by === -1) {
    if (start === 0) return null;
    const above = motions.lineStart({ ...draft, at: start - 1 });
    return { ...draft, at: Math.min(above + offset, start - 1) };
  }
  const end = motions.lineEnd(draft);
  if (end === draft.graphemes.length) return null;
  const below = end + 1;
  return { ...draft, at: Math.min(below + offset, motions.lineEnd({ ...draft, at: below })) };
}

function placed({ graphemes }: Draft, at: number): number {
  return Math.max(0, Math.min(graphemes.length, at));
}
