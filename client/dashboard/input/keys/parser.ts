// The parser of terminal input: keys, text, pastes and mouse events. Unknown sequences are dropped.

export type InputEvent =
  | { readonly kind: 'text'; readonly text: string }
  /** A key by its name, with `C-` for control, `M-` for Alt and `S-` for shift in this order, for example `C-M-left`. */
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string }
  /** Columns and rows count from 0. */
  | {
      readonly kind: 'mouse';
      readonly action: 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down';
      readonly x: number;
      readonly y: number;
    };

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** UTF-16 units of a paste; the rest is dropped. */
const PASTE_MAX = 256 * 1024;
/** The longest control sequence in characters. */
const SEQUENCE_MAX = 64;

const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'S-tab',
};
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};
const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'C-j',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'C-h',
  '\u0000': 'C-space',
  '\u001f': 'C-_',
};

const CSI = /^\u001b\[([<\d;:?]*)([A-Za-z~])/;
const SS3 = /^\u001bO([A-Za-z])/;

/** Parses input in chunks. An incomplete sequence waits for the next chunk. */
export class InputParser {
  #rest = '';
  #paste: string | null = null;

  /** Whether an escape waits: it is the Escape key, or the beginning of a sequence. */
  get isWaiting(): boolean {
    return this.#rest !== '' && this.#paste === null;
  }

  read(text: string): readonly InputEvent[] {
    this.#rest += text;
    const events: InputEvent[] = [];
    while (this.#rest !== '') {
      const before = this.#rest;
      const event = this.#paste === null ? this.#next() : this.#pasted();
      if (event !== null) events.push(event);
      if (this.#rest === before) break;
    }
    return events;
  }

  /** Ends the wait: the waiting escape is the key. */
  flush(): readonly InputEvent[] {
    const rest = this.#rest;
    this.#rest = '';
    if (rest === '\u001b') return [{ kind: 'key', key: 'escape' }];
    return rest === '\u001b[' ? [{ kind: 'key', key: 'M-[' }] : [];
  }

  #take(count: number): string {
    const taken = this.#rest.slice(0, count);
    this.#rest = this.#rest.slice(count);
    return taken;
  }

  #next(): InputEvent | null {
    const rest = this.#rest;
    if (rest.startsWith(PASTE_BEGIN)) {
      this.#take(PASTE_BEGIN.length);
      this.#paste = '';
      return null;
    }
    if (rest.startsWith('\u001b')) return this.#escape(rest);
    const plain = /^[^\u0000-\u001f\u007f]+/.exec(rest)?.[0];
    if (plain !== undefined) return { kind: 'text', text: this.#take(plain.length) };
    return keyEvent(nameOf(this.#take(1)));
  }

  #escape(rest: string): InputEvent | null {
    const csi = CSI.exec(rest);
    if (csi !== null) {
      this.#take(csi[0].length);
      return csiEvent(csi[1] ?? '', csi[2] ?? '');
    }
    const ss3 = SS3.exec(rest);
    if (ss3 !== null) {
      this.#take(3);
      return keyEvent(LETTERS[ss3[1] ?? ''] ?? null);
    }
    const isBegun = rest.length === 1 || /^\u001b(?:O|\[[<\d;:?]*)$/.test(rest);
    if (isBegun && rest.length <= SEQUENCE_MAX) return null;
    this.#take(1);
    if (rest.startsWith('\u001b\u001b')) return keyEvent('escape');
    // Terminals send Alt and a key as an escape and the key.
    const character = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0);
    const name = nameOf(this.#take(character.length));
    return keyEvent(name === null ? null : withAlt(name));
  }

  #pasted(): InputEvent | null {
    const end = this.#rest.indexOf(PASTE_END);
    // The last characters may be a part of the end sequence.
    const sure = end < 0 ? Math.max(0, this.#rest.length - PASTE_END.length + 1) : end;
    this.#paste = ((this.#paste ?? '') + this.#take(sure)).slice(0, PASTE_MAX);
    if (end < 0) return null;
    this.#take(PASTE_END.length);
    const text = this.#paste;
    this.#paste = null;
    return { kind: 'paste', text };
  }
}

function keyEvent(key: string | null): InputEvent | null {
  return key === null ? null : { kind: 'key', key };
}

function nameOf(character: string): string | null {
  const control = CONTROLS[character];
  if (control !== undefined) return control;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 1 && code <= 26) return `C-${String.fromCodePoint(code + 96)}`;
  if (code < 32) return null;
  return character === ' ' ? 'space' : character;
}

function withAlt(name: string): string {
  return name.startsWith('C-') ? `C-M-${name.slice(2)}` : `M-${name}`;
}

function csiEvent(parameters: string, final: string): InputEvent | null {
  if (parameters.startsWith('<')) return mouseEvent(parameters.slice(1), final);
  const [number = '', modifier = '1'] = parameters.split(';');
  const name = final === '~' ? NUMBERS[number] : LETTERS[final];
  if (name === undefined) return null;
  const bits = Number(modifier) - 1;
  const lead = `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${bits & 1 ? 'S-' : ''}`;
  return { kind: 'key', key: lead + name };
}

function mouseEvent(parameters: string, final: string): InputEvent | null {
  const [code, column, row] = parameters.split(';').map(Number);
  if (code === undefined || column === undefined || row === undefined) return null;
  const action = mouseAction(code, final);
  return action === null ? null : { kind: 'mouse', action, x: column - 1, y: row - 1 };
}

/** Only the left button and the wheel have effects. */
function mouseAction(code: number, final: string) {
  if (code === 64) return 'wheel-up';
  if (code === 65) return 'wheel-down';
  if (code === 32) return 'drag';
  if (code !== 0) return null;
  return final === 'M' ? 'press' : 'release';
}
