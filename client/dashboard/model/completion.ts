// What Tab does with the word before the cursor: completes it, or opens a menu of what it may become. The line changes only
// by what is common to all, and by what is chosen.
import { foldName } from '../../../core/protocol/names.js';
import { findCommand } from '../../commands/table.js';
import { complete, type Nameable } from '../../wording/completion.js';
import { textBefore } from '../input/editor/draft.js';
import type { Editor } from '../input/editor/editor.js';
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import { columnsOf, graphemesOf } from '../paint/grapheme.js';

export interface Offers {
  readonly hits: readonly string[];
  /** Which of them is chosen, from 0. */
  readonly at: number;
  /** What it takes the place of. */
  readonly word: string;
}

export const OFFER_LEGENDS = [
  legend('choose', 'up', 'down'),
  legend('takes it', 'enter'),
  legend('closes', 'close'),
] as const;

export class Completion {
  readonly #editor: Editor;
  readonly #known: () => Nameable;
  #offers: Offers | null = null;

  constructor(editor: Editor, known: () => Nameable) {
    this.#editor = editor;
    this.#known = known;
  }

  /** The menu; null while there is none. */
  get offers(): Offers | null {
    return this.#offers;
  }

  /** False when there is nothing to complete. */
  complete(): boolean {
    if (this.#offers !== null) {
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
    if (hits.length > 1) this.#offers = { hits, at: 0, word: isLonger ? common : word };
    return true;
  }

  /** Does what an open menu makes of it; false when it makes nothing of it. */
  act(action: Action): boolean {
    const offers = this.#offers;
    if (offers === null) return false;
    if (action === 'up' || action === 'down') this.#step(action === 'up' ? -1 : 1);
    else if (action === 'enter') this.#take(offers);
    else if (action === 'close') this.close();
    else return false;
    return true;
  }

  /** Takes one of them, from 0. */
  take(at: number): void {
    if (this.#offers !== null && at < this.#offers.hits.length) this.#take({ ...this.#offers, at });
  }

  /** The line has changed: the menu goes along, or goes. */
  follow(): void {
    if (this.#offers === null) return;
    const { hits, word } = this.#hits();
    this.#offers =
      word === '' || hits.length === 0 ? null : { hits: hits.map((hit) => hit.trim()), at: 0, word };
  }

  close(): void {
    this.#offers = null;
  }

  #hits() {
    return complete(textBefore(this.#editor.draft), this.#known());
  }

  #step(by: 1 | -1): void {
    if (this.#offers === null) return;
    const { hits, at } = this.#offers;
    this.#offers = { ...this.#offers, at: (at + by + hits.length) % hits.length };
  }

  #take({ hits, at, word }: Offers): void {
    this.#offers = null;
    this.#replace(word, `${hits[at] ?? word} `);
  }

  #replace(word: string, text: string): void {
    this.#editor.replace(graphemesOf(word).length, text);
  }
}

/** How far left of the cursor the word begins. */
export function offset({ word }: Offers): number {
  return columnsOf(word);
}

const PRESENCES: Readonly<Record<string, string>> = { online: 'online', away: 'away', dnd: 'do not disturb' };

/** What is told beside an offer: what a command does, whether somebody is there. */
export function offerWords(
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
