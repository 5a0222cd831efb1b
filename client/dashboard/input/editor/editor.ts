// The line editor: a draft with undo, what was cut, and the history. Knows nothing of keys, screens or conversations.
import {
  type Draft,
  draftOf,
  emptyDraft,
  erased,
  inserted,
  type Motion,
  moved,
  movedByLine,
  textOf,
} from './draft.js';
import type { InputHistory } from './history.js';

const UNDO_MAX = 200;

/** What keys do to a line, by name; `move-` and `erase-` take the name of a motion. */
const MOVES: Readonly<Record<string, Motion>> = {
  'move-left': 'left',
  'move-right': 'right',
  'move-word-left': 'wordLeft',
  'move-word-right': 'wordRight',
  'move-start': 'lineStart',
  'move-end': 'lineEnd',
};
const ERASURES: Readonly<Record<string, { readonly motion: Motion; readonly isKept: boolean }>> = {
  'erase-left': { motion: 'left', isKept: false },
  'erase-right': { motion: 'right', isKept: false },
  'erase-word-left': { motion: 'wordLeft', isKept: true },
  'erase-word-right': { motion: 'wordRight', isKept: true },
  'erase-to-start': { motion: 'lineStart', isKept: true },
  'erase-to-end': { motion: 'lineEnd', isKept: true },
};

export class Editor {
  #draft = emptyDraft;
  #undo: Draft[] = [];
  #isTyping = false;
  #cut = '';
  #back = 0;
  /** What was being typed before the history was looked through. */
  #unsent = emptyDraft;
  #search: string | null = null;

  constructor(private readonly history: InputHistory) {}

  get draft(): Draft {
    return this.#draft;
  }

  get text(): string {
    return textOf(this.#draft);
  }

  /** What is looked for in the history; null while nothing is. */
  get search(): string | null {
    return this.#search;
  }

  insert(text: string): void {
    if (this.#search !== null) {
      this.#look(this.#search + text, 0);
      return;
    }
    if (!this.#isTyping || /\s/.test(text)) this.#remember();
    this.#isTyping = true;
    this.#draft = inserted(this.#draft, text);
  }

  /** Puts `text` in place of the `count` graphemes before the cursor. */
  replace(count: number, text: string): void {
    this.#remember();
    const { graphemes, at } = this.#draft;
    const start = Math.max(0, at - count);
    const rest = { graphemes: [...graphemes.slice(0, start), ...graphemes.slice(at)], at: start };
    this.#draft = inserted(rest, text);
  }

  /** Puts `text` in place of the whole line. */
  become(text: string): void {
    this.#remember();
    [this.#isTyping, this.#back, this.#search] = [false, 0, null];
    this.#draft = draftOf(text);
  }

  /** Does what `action` names; false for what is none of the editor's. */
  act(action: string): boolean {
    if (this.#search !== null && action === 'erase-left') {
      this.#look(this.#search.slice(0, -1), 0);
      return true;
    }
    const motion = MOVES[action];
    const erasure = ERASURES[action];
    if (action !== 'search-input') this.#search = null;
    this.#isTyping = false;
    if (motion !== undefined) this.#draft = moved(this.#draft, motion);
    else if (erasure !== undefined) this.#erase(erasure.motion, erasure.isKept);
    else return this.#actOtherwise(action);
    return true;
  }

  /** The whole text; the line is empty afterwards. `isKept`: whether the history may have it. */
  take(isKept: boolean): string {
    const { text } = this;
    if (isKept && text.trim() !== '') this.history.add(text);
    this.load('');
    return text;
  }

  /** Begins anew with `text`, e.g. the draft of another conversation. */
  load(text: string): void {
    this.#draft = draftOf(text);
    [this.#undo, this.#isTyping, this.#back, this.#search] = [[], false, 0, null];
  }

  #actOtherwise(action: string): boolean {
    switch (action) {
      case 'yank':
        this.insert(this.#cut);
        return true;
      case 'undo':
        this.#draft = this.#undo.pop() ?? this.#draft;
        return true;
      case 'new-line':
        this.insert('\n');
        return true;
      case 'up':
        this.#draft = movedByLine(this.#draft, -1) ?? this.#recall(this.#back + 1);
        return true;
      case 'down':
        this.#draft = movedByLine(this.#draft, 1) ?? this.#recall(this.#back - 1);
        return true;
      case 'search-input':
        this.#look(this.#search ?? '', this.#search === null ? 0 : this.#back);
        return true;
      default:
        return false;
    }
  }

  #erase(motion: Motion, isKept: boolean): void {
    this.#remember();
    const { draft, taken } = erased(this.#draft, motion);
    this.#draft = draft;
    if (isKept && taken !== '') this.#cut = taken;
  }

  #remember(): void {
    this.#undo.push(this.#draft);
    if (this.#undo.length > UNDO_MAX) this.#undo.shift();
  }

  /** The line of `back` lines ago; 0 is what was being typed. */
  #recall(back: number): Draft {
    if (back < 0) return this.#draft;
    if (this.#back === 0) this.#unsent = this.#draft;
    if (back === 0) {
      this.#back = 0;
      return this.#unsent;
    }
    const text = this.history.at(back);
    if (text === undefined) return this.#draft;
    this.#back = back;
    return draftOf(text);
  }

  #look(text: string, from: number): void {
    this.#search = text;
    const back = text === '' ? null : this.history.find(text, from);
    if (back !== null) this.#draft = this.#recall(back);
  }
}
