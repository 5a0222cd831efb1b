// Making an account or logging in: a name, and a password that nobody sees.
import { limits } from '../../../core/protocol/limits.js';
import { Editor } from '../editor/editor.js';
import { InputHistory } from '../editor/history.js';
import type { Action } from '../keys/bindings.js';
import { legend } from '../keys/legend.js';
import { type Row, rowOf, wrapped } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../theme.js';
import { inputView } from '../view/input.js';
import type { Overlay, OverlayView } from './overlay.js';

export type EntranceKind = 'register' | 'login';

export interface EntranceParts {
  readonly theme: Theme;
  readonly kind: EntranceKind;
  readonly username: string;
  /** Above the fields; may be empty. */
  readonly says: string;
  /** Resolves with what was wrong, or null once it has worked. */
  readonly submit: (kind: EntranceKind, username: string, password: string) => Promise<string | null>;
  /** Called when something but a key changes what is to be seen. */
  readonly onChange: () => void;
}

const LABELS = { name: 'Name      ', password: 'Password  ' } as const;
/** A field is one line, and its history nobody's business. */
const NO_FIELD_HAS: ReadonlySet<Action> = new Set(['new-line', 'search-input']);
const KINDS = {
  register: { title: 'Make an account', other: 'log in instead' },
  login: { title: 'Log in', other: 'make an account instead' },
} as const;

export class Entrance implements Overlay {
  readonly columns = 66;
  readonly #parts: EntranceParts;
  readonly #name = new Editor(new InputHistory());
  readonly #password = new Editor(new InputHistory());
  #kind: EntranceKind;
  #isInPassword: boolean;
  #problem: string | null = null;
  #isBusy = false;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
    this.#kind = parts.kind;
    this.#name.insert(parts.username);
    this.#isInPassword = parts.username !== '';
  }

  view(columns: number): OverlayView {
    const { theme, says } = this.#parts;
    const size = { columns, rows: 1 };
    const name = inputView(this.#name.draft, null, LABELS.name, size, theme);
    const password = inputView(this.#password.draft, 0, LABELS.password, size, theme);
    const intro = says === '' ? [] : [...wrapped([piece(says, theme.overlay)], columns), []];
    const rows: readonly Row[] = [
      ...intro,
      ...name.rows,
      ...password.rows,
      rowOf([piece(`${' '.repeat(LABELS.name.length)}${this.#strength()}`, theme.faint)]),
      [],
      ...this.#told(columns),
    ];
    const y = intro.length + (this.#isInPassword ? 1 : 0);
    const { x } = (this.#isInPassword ? password : name).cursor;
    const { title, other } = KINDS[this.#kind];
    const legends = [
      legend('field', 'complete'),
      legend('goes on', 'enter'),
      legend(other, 'down'),
      legend('closes', 'close'),
    ];
    return { title, legends, rows, cursor: { x, y } };
  }

  type(text: string): void {
    if (this.#isBusy) return;
    this.#field.insert(text.replace(/[\r\n]+$/, ''));
  }

  act(action: Action): void {
    if (this.#isBusy) return;
    if (action === 'complete') this.#isInPassword = !this.#isInPassword;
    else if (action === 'up' || action === 'down')
      this.#kind = this.#kind === 'register' ? 'login' : 'register';
    else if (action === 'enter') this.#goOn();
    else if (!NO_FIELD_HAS.has(action)) this.#field.act(action);
  }

  get #field(): Editor {
    return this.#isInPassword ? this.#password : this.#name;
  }

  #goOn(): void {
    if (!this.#isInPassword) {
      if (this.#name.text.trim() !== '') this.#isInPassword = true;
      return;
    }
    this.#isBusy = true;
    this.#problem = null;
    void this.#submit();
  }

  async #submit(): Promise<void> {
    const { submit, onChange } = this.#parts;
    this.#problem = await submit(this.#kind, this.#name.text.trim(), this.#password.text);
    if (this.#problem !== null) this.#password.load('');
    this.#isBusy = false;
    onChange();
  }

  #told(columns: number): readonly Row[] {
    const { theme } = this.#parts;
    if (this.#isBusy) return [rowOf([piece('… one moment', theme.overlay)])];
    if (this.#problem === null) return [[]];
    return wrapped([piece(`!! ${this.#problem}`, theme.error)], columns);
  }

  /** A hint by length, which counts most; the tracker refuses what is common. */
  #strength(): string {
    const bytes = Buffer.byteLength(this.#password.text);
    if (this.#kind === 'login') return '';
    if (bytes === 0) return `at least ${limits.passwordMinBytes} characters; a few words are best`;
    if (bytes < limits.passwordMinBytes) return `▂    too short: ${limits.passwordMinBytes - bytes} more`;
    if (bytes > limits.passwordMaxBytes) return `too long: at most ${limits.passwordMaxBytes} bytes`;
    return bytes < 12 ? '▂▄   fair' : bytes < 18 ? '▂▄▆  good' : '▂▄▆█ strong';
  }
}
