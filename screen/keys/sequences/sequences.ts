// The state machine that divides the bytes of terminal input into tokens. It follows Paul Williams' diagram of the DEC VT500
// parser (vt100.net/emu/dec_ansi_parser), and adds UTF-8 and the sequences that only keyboards send. It does not interpret the
// tokens.
import { C1, CANCELS, STRINGS } from './introducers.js';
import { LateInput } from './late-input.js';
import { ParameterBytes } from './parameter-bytes.js';
import { PasteReader } from './paste-reader.js';
import { StringReader, type StringRules } from './string-reader.js';
import { TextReader } from './text-reader.js';
import { type Token, TokenList } from './tokens.js';
import { isC1, isContinuation } from './utf8.js';

/** If nothing follows an escape byte for this time, it is the Escape key. */
const ESCAPE_MS = 40;
/** If nothing follows for this time, a paste is ended without its end mark. */
const PASTE_SILENCE_MS = 500;

const ESC = 0x1b;
const DEL = 0x7f;
type State =
  | 'ground'
  | 'escape'
  | 'escape-escape'
  | 'designation'
  | 'csi'
  | 'ss3'
  | 'string'
  | 'string-escape'
  | 'linux'
  | 'x10-mouse'
  | 'paste';

export class SequenceReader {
  readonly #text = new TextReader();
  readonly #paste = new PasteReader();
  readonly #rules: StringRules;
  #string: StringReader;
  #state: State = 'ground';
  readonly #tokens = new TokenList();
  readonly #steps: Readonly<Record<State, (byte: number) => void>> = {
    ground: (byte) => this.#readAgain(byte),
    paste: (byte) => this.#readAgain(byte),
    escape: (byte) => this.#stepEscape(byte),
    'escape-escape': (byte) => this.#stepEscapeEscape(byte),
    designation: (byte) => this.#stepDesignation(byte),
    csi: (byte) => this.#stepCsi(byte),
    ss3: (byte) => this.#stepSs3(byte),
    string: (byte) => this.#stepString(byte),
    'string-escape': (byte) => this.#stepStringEscape(byte),
    linux: (byte) => this.#stepLinux(byte),
    'x10-mouse': (byte) => this.#stepMouse(byte),
  };
  #isAlt = false;
  #parameters = new ParameterBytes();
  /** The bytes of a mouse report, or of a character after an escape. */
  #bytes: number[] = [];
  /** The character after the escape, while nothing has followed it; else null. */
  #introducer: string | null = null;
  readonly #late: LateInput;

  constructor(rules: StringRules) {
    this.#rules = rules;
    this.#string = new StringReader('OSC', rules);
    this.#late = new LateInput(rules);
  }

  /** The milliseconds without input after which `settle` must be called; null if no sequence is incomplete. */
  get quietMs(): number | null {
    if (this.#state === 'paste') return this.#paste.hasLoneEscape ? ESCAPE_MS : PASTE_SILENCE_MS;
    if (this.#isUndecided) return ESCAPE_MS;
    return this.#state === 'string' ? this.#string.restMs : null;
  }

  /** Whether the escape read last, with or without one more character, may be either a key or the beginning of a sequence. */
  get #isUndecided(): boolean {
    if (this.#state === 'escape') return this.#bytes.length === 0;
    if (this.#state === 'string' || this.#state === 'designation') return this.#introducer !== null;
    return this.#state === 'escape-escape' || this.#state === 'string-escape';
  }

  read(chunk: Uint8Array): readonly Token[] {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'paste') at = this.#readPaste(chunk, at);
      else if (this.#state === 'ground') at = this.#readGround(chunk, at);
      else this.#step(chunk[at++] ?? 0);
    }
    return this.#tokens.taken();
  }

  /** Decides how to read an incomplete sequence. Call it when no input has come for `quietMs`. */
  settle(): readonly Token[] {
    const introducer = this.#introducer;
    if (this.#state === 'paste') this.#endPaste();
    else if (this.#state === 'string-escape') {
      // The escape ended the string. If it was the first byte of the end mark `ESC \`, the backslash may still arrive.
      this.#toGround();
      this.#late.afterEnd('\\');
    } else if (introducer !== null && this.#isUndecided) {
      this.#tokens.add({ kind: 'alt', character: introducer });
      this.#toGround();
      this.#late.afterKey(introducer);
    } else if (this.#isUndecided) {
      this.#tokens.add({ kind: 'escape' });
      if (this.#state === 'escape-escape') this.#tokens.add({ kind: 'escape' });
      this.#toGround();
    } else if (this.#state === 'string' && this.#string.restMs === 0) this.#toGround();
    return this.#tokens.taken();
  }

  #toGround(): void {
    this.#state = 'ground';
    this.#introducer = null;
    this.#bytes = [];
  }

  #readPaste(chunk: Uint8Array, from: number): number {
    const end = this.#paste.read(chunk, from);
    if (end === null) return chunk.length;
    this.#endPaste();
    return end;
  }

  #endPaste(): void {
    const { paste, expected } = this.#paste.end();
    this.#toGround();
    this.#late.afterEnd(expected);
    this.#tokens.add({ kind: 'paste', ...paste });
  }

  #readGround(chunk: Uint8Array, from: number): number {
    if (this.#late.isWaiting) {
      this.#decideLate(chunk[from] ?? 0);
      return from + 1;
    }
    const { text, control, end } = this.#text.read(chunk, from);
    this.#tokens.addText(text);
    if (control !== null) this.#control(control);
    return end;
  }

  #decideLate(byte: number): void {
    const { text, introducer, isTaken } = this.#late.decide(byte);
    this.#tokens.addText(text);
    if (introducer !== null) this.#introduce(introducer, 0);
    if (!isTaken) this.#readAgain(byte);
  }

  #readAgain(byte: number): void {
    if (this.#state === 'ground') this.#readGround(Uint8Array.of(byte), 0);
    else this.#step(byte);
  }

  /** Ends the sequence without effect, and then reads `byte`, which is not part of it. */
  #abort(byte: number): void {
    this.#toGround();
    this.#readAgain(byte);
  }

  #control(code: number): void {
    const introducer = C1[code];
    if (introducer !== undefined) {
      this.#isAlt = false;
      this.#introduce(introducer);
    } else if (code === ESC) {
      this.#toGround();
      this.#state = 'escape';
      this.#isAlt = false;
    } else if (!isC1(code)) this.#tokens.add({ kind: 'control', code });
  }

  /** Begins the sequence that an escape and this character introduce. False if the character introduces no sequence. */
  #introduce(character: string, stringMs?: number): boolean {
    [this.#bytes, this.#parameters, this.#introducer] = [[], new ParameterBytes(), null];
    const kind = STRINGS[character];
    if (character === '[') this.#state = 'csi';
    else if (character === 'O') this.#state = 'ss3';
    else if (kind !== undefined) {
      this.#state = 'string';
      this.#string = new StringReader(kind, this.#rules, stringMs);
    } else return false;
    return true;
  }

  #step(byte: number): void {
    const isEscape = this.#state === 'escape' || this.#state === 'escape-escape';
    if (CANCELS.has(byte) && !isEscape) return this.#abort(byte);
    this.#steps[this.#state](byte);
  }

  #stepEscape(byte: number): void {
    if (this.#bytes.length > 0 || byte >= 0xc2) return this.#stepAltLetter(byte);
    if (byte >= 0x80) return this.#abort(byte);
    const character = String.fromCharCode(byte);
    if (byte === ESC) this.#state = 'escape-escape';
    else if (this.#introduce(character)) this.#introducer = character;
    else if (byte >= 0x20 && byte <= 0x2f) [this.#state, this.#introducer] = ['designation', character];
    else {
      this.#toGround();
      this.#tokens.add({ kind: 'alt', character });
    }
  }

  /** Reads a byte of a non-ASCII letter after an escape, which is the letter with Alt. */
  #stepAltLetter(byte: number): void {
    const [first = byte] = this.#bytes;
    if (this.#bytes.length > 0 && !isContinuation(byte)) return this.#abort(byte);
    this.#bytes.push(byte);
    if (this.#bytes.length < (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4)) return;
    const character = Buffer.from(this.#bytes).toString();
    this.#toGround();
    if (isC1(character.charCodeAt(0))) this.#control(character.charCodeAt(0));
    else this.#tokens.add({ kind: 'alt', character });
  }

  #stepEscapeEscape(byte: number): void {
    if (byte === 0x5b || byte === 0x4f) {
      this.#isAlt = true;
      this.#introduce(String.fromCharCode(byte));
      return;
    }
    this.#tokens.add({ kind: 'escape' });
    if (byte === ESC) return;
    this.#state = 'escape';
    this.#stepEscape(byte);
  }

  /** The designation of a character set: an escape, intermediates and a final character. It has no effect. */
  #stepDesignation(byte: number): void {
    this.#introducer = null;
    if (byte < 0x20 || byte > 0x7e) this.#abort(byte);
    else if (byte > 0x2f) this.#toGround();
  }

  #stepCsi(byte: number): void {
    if (byte === ESC || byte > DEL) this.#abort(byte);
    else if (byte < 0x20 || byte === DEL) this.#tokens.add({ kind: 'control', code: byte });
    else if (byte > 0x3f) this.#endCsi(String.fromCharCode(byte));
    else if (this.#parameters.isEndOfRxvtKey(byte)) this.#dispatch('csi', '$');
    else this.#parameters.add(byte);
  }

  #endCsi(final: string): void {
    const { parameters, intermediates, isBare } = this.#parameters;
    if (isBare && final === '[') this.#state = 'linux';
    else if (isBare && final === 'M') this.#state = 'x10-mouse';
    else if (final === '~' && parameters === '200' && intermediates === '') this.#state = 'paste';
    else this.#dispatch('csi', final);
  }

  #dispatch(kind: 'csi' | 'ss3', final: string, parameters = this.#parameters.parameters): void {
    const { intermediates, isTooLong } = this.#parameters;
    this.#toGround();
    if (!isTooLong) this.#tokens.add({ kind, parameters, intermediates, final, isAlt: this.#isAlt });
  }

  #stepSs3(byte: number): void {
    if (byte < 0x20 || byte >= DEL) this.#abort(byte);
    else if (byte < 0x30 || byte > 0x3f) this.#dispatch('ss3', String.fromCharCode(byte));
    else this.#parameters.add(byte);
  }

  #stepString(byte: number): void {
    this.#introducer = null;
    const step = this.#string.step(byte);
    if (step === 'escape') this.#state = 'string-escape';
    else if (step === 'aborted') this.#abort(byte);
    else if (step === 'ended') this.#endString();
    else if (step === 'dropped') this.#toGround();
  }

  #endString(): void {
    this.#toGround();
    this.#tokens.add({ kind: 'string', string: this.#string.kind, text: this.#string.text });
  }

  #stepStringEscape(byte: number): void {
    if (byte === 0x5c) return this.#endString();
    this.#toGround();
    this.#isAlt = false;
    this.#state = 'escape';
    this.#stepEscape(byte);
  }

  /** The Linux console sends `ESC [ [` and a letter for F1 to F5. */
  #stepLinux(byte: number): void {
    if (byte >= 0x41 && byte <= 0x45) this.#dispatch('csi', String.fromCharCode(byte), '[');
    else this.#abort(byte);
  }

  #stepMouse(byte: number): void {
    if (byte < 0x20) return this.#abort(byte);
    this.#bytes.push(byte);
    const [button, column, row] = this.#bytes;
    if (button === undefined || column === undefined || row === undefined) return;
    this.#toGround();
    this.#tokens.add({ kind: 'x10-mouse', bytes: [button, column, row] });
  }
}
