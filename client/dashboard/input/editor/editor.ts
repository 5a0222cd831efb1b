// The line editor: a draft with undo, the last cut text, and the history. It does not depend on keys, the screen or
// conversations.
import {
  type Draft,
  draftOf,
  emptyDraft,
  erased,
  inserted,
  type Motion,
  moved,
  movedByLine,
  replaced,
} from './draft.js';
import type { InputHistory } from './history.js';

const UNDO_MAX = 200;
/** The most UTF-16 units in all drafts that undo can restore. */
const UNDO_UNITS_MAX = 4 * 1024 * 1024;

/** The most UTF-16 units that one key may send. Undo removes a longer text as a separate step. */
const KEY_LENGTH = 16;

/** The motion of each `move-` action. */
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
  /** The unsent text, kept while the history is shown. */
  #unsent = emptyDraft;
  #search: string | null = null;

  constructor(private readonly history: InputHistory) {}

  get draft(): Draft {
    return this.#draft;
  }

  get text(): string {
    return this.#draft.text;
  }

  /** The query of the history search; null while there is no search. */
  get search(): string | null {
    return this.#search;
  }

  insert(text: string): void {
    if (this.#search !== null) {
      this.#look(this.#search + text, 0);
      return;
    }
    const isPaste = text.length > KEY_LENGTH;
    if (!this.#isTyping || isPaste || /\s/.test(text)) this.#remember();
    this.#isTyping = !isPaste;
    this.#draft = inserted(this.#draft, text);
  }

  /** Replaces this number of UTF-16 units before the cursor with `text`. */
  replace(units: number, text: string): void {
    this.#remember();
    this.#draft = replaced(this.#draft, units, text);
  }

  /** Replaces the whole line with `text`. Undo restores it. */
  become(text: string): void {
    this.#remember();
    [this.#isTyping, this.#back, this.#search] = [false, 0, null];
    this.#draft = draftOf(text);
  }

  /** Carries out an action of the editor. False for any other action. */
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

  /** Returns the text and empties the line. @param isKept whether the history keeps the text */
  take(isKept: boolean): string {
    const { text } = this;
    if (isKept && text.trim() !== '') this.history.add(text);
    this.load('');
    return text;
  }

  /** Replaces the text and forgets all undo steps. Used, for example, for the draft of another conversation. */
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
    const units = this.#draft.text.length + 1;
    if (this.#undo.length > Math.min(UNDO_MAX, UNDO_UNITS_MAX / units)) this.#undo.shift();
  }

  /** The entry `back` lines ago in the history; 0 is the unsent text. */
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
