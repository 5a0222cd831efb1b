// The completion of the word before the cursor by Tab, with a menu of suggestions when there are several. Tab inserts the common
// beginning of the suggestions; accepting a suggestion inserts it.
import { foldName } from '../../../core/protocol/names.js';
import { findCommand } from '../../commands/table.js';
import { complete, type Nameable } from '../../wording/completion.js';
import { textBefore } from '../input/editor/draft.js';
import type { Editor } from '../input/editor/editor.js';
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import { columnsOf } from '../../../screen/paint/grapheme.js';

export interface Suggestions {
  readonly hits: readonly string[];
  /** The index of the selected suggestion in `hits`. */
  readonly at: number;
  /** The word before the cursor, which the accepted suggestion replaces. */
  readonly word: string;
}

export const MENU_LEGENDS = [
  legend('select', 'up', 'down'),
  legend('accept', 'enter'),
  legend('close', 'close'),
] as const;

export class Completion {
  readonly #editor: Editor;
  readonly #known: () => Nameable;
  #suggestions: Suggestions | null = null;

  constructor(editor: Editor, known: () => Nameable) {
    this.#editor = editor;
    this.#known = known;
  }

  /** The suggestions in the menu; null while it is closed. */
  get suggestions(): Suggestions | null {
    return this.#suggestions;
  }

  /** Completes the word, or selects the next suggestion if the menu is open. False if nothing matches the word. */
  complete(): boolean {
    if (this.#suggestions !== null) {
      this.#step(1);
      return true;
    }
    const { hits, word } = this.#hits();
    const [only] = hits;
    if (only === undefined) return false;
    const common = commonStart(hits);
    const isLonger = common.length > word.length;
    if (hits.length === 1) this.#replace(word, only);
    else if (isLonger) this.#replace(word, common);
    if (hits.length > 1) this.#suggestions = { hits, at: 0, word: isLonger ? common : word };
    return true;
  }

  /** Lets an open menu handle the action. False if the menu is closed or does not handle this action. */
  act(action: Action): boolean {
    const suggestions = this.#suggestions;
    if (suggestions === null) return false;
    if (action === 'up' || action === 'down') this.#step(action === 'up' ? -1 : 1);
    else if (action === 'enter') this.#accept(suggestions);
    else if (action === 'close') this.close();
    else return false;
    return true;
  }

  /** Accepts the suggestion at this index. */
  accept(at: number): void {
    if (this.#suggestions !== null && at < this.#suggestions.hits.length)
      this.#accept({ ...this.#suggestions, at });
  }

  /** Adapts the menu to a changed line, or closes it. */
  update(): void {
    if (this.#suggestions === null) return;
    const { hits, word } = this.#hits();
    this.#suggestions =
      word === '' || hits.length === 0 ? null : { hits: hits.map((hit) => hit.trim()), at: 0, word };
  }

  close(): void {
    this.#suggestions = null;
  }

  #hits() {
    return complete(textBefore(this.#editor.draft), this.#known());
  }

  #step(by: 1 | -1): void {
    if (this.#suggestions === null) return;
    const { hits, at } = this.#suggestions;
    this.#suggestions = { ...this.#suggestions, at: (at + by + hits.length) % hits.length };
  }

  #accept({ hits, at, word }: Suggestions): void {
    this.#suggestions = null;
    this.#replace(word, `${hits[at] ?? word} `);
  }

  #replace(word: string, text: string): void {
    this.#editor.replace(word.length, text);
  }
}

/** The number of columns between the beginning of the word and the cursor. */
export function wordOffset({ word }: Suggestions): number {
  return columnsOf(word);
}

const PRESENCES: Readonly<Record<string, string>> = { online: 'online', away: 'away', dnd: 'do not disturb' };

/** The text beside a suggestion: what a command does, or a person's presence. */
export function suggestionHint(
  hit: string,
  people: readonly { readonly username: string; readonly state: string }[],
): string {
  if (hit.startsWith('/')) return findCommand(hit.slice(1))?.summary ?? '';
  const name = foldName(hit.replace(/^@/, ''));
  const person = people.find(({ username }) => foldName(username) === name);
  return person === undefined ? '' : (PRESENCES[person.state] ?? '');
}

function commonStart([first = '', ...rest]: readonly string[]): string {
  let { length } = first;
  while (rest.some((one) => !one.toLowerCase().startsWith(first.slice(0, length).toLowerCase()))) length -= 1;
  return first.slice(0, length);
}
