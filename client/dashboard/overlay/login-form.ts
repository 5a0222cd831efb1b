// Making an account or logging in: a name, and a password that nobody sees.
import { limits } from '../../../core/protocol/limits.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Outcome } from '../../chat/events.js';
import { Editor } from '../input/editor/editor.js';
import { InputHistory } from '../input/editor/history.js';
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import { type Row, rowOf, wrapped } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../paint/theme.js';
import { inputView } from '../view/input.js';
import type { Overlay, OverlayView } from './overlay.js';

export type LoginFormKind = 'register' | 'login';

export interface LoginFormParts {
  readonly theme: Theme;
  readonly kind: LoginFormKind;
  readonly username: string;
  /** Above the fields; may be empty. */
  readonly message: string;
  readonly submit: (kind: LoginFormKind, username: string, password: string) => Promise<Outcome>;
  /** Called when something but a key changes what is to be seen. */
  readonly onChange: () => void;
}

const LABELS = { name: 'Name      ', password: 'Password  ' } as const;
/** A field is one line, and its history nobody's business. */
const NO_FIELD_HAS: ReadonlySet<Action> = new Set(['new-line', 'search-input']);
const TO_OTHER_FIELD: ReadonlySet<Action> = new Set(['complete', 'up', 'down']);
/** Refusals after which nobody wants the same password again. */
const OF_PASSWORD: ReadonlySet<string> = new Set(['PASSWORD_REFUSED', 'LOGIN_FAILED']);
const KINDS = {
  register: { title: 'Make an account', other: 'log in instead' },
  login: { title: 'Log in', other: 'make an account instead' },
} as const;

export class LoginForm implements Overlay {
  readonly columns = 66;
  readonly #parts: LoginFormParts;
  readonly #name = new Editor(new InputHistory());
  readonly #password = new Editor(new InputHistory());
  #kind: LoginFormKind;
  #isInPassword: boolean;
  #problem: string | null = null;
  #isBusy = false;
  #nameRow = 0;

  constructor(parts: LoginFormParts) {
    this.#parts = parts;
    this.#kind = parts.kind;
    this.#name.insert(parts.username);
    this.#isInPassword = parts.username !== '';
  }

  view(columns: number): OverlayView {
    const { theme, message, kind } = this.#parts;
    const size = { columns, rows: 1 };
    // It is about what was first meant.
    const intro =
      message === '' || this.#kind !== kind ? [] : [...wrapped([piece(message, theme.overlay)], columns), []];
    this.#nameRow = intro.length;
    const name = inputView(this.#name.draft, null, LABELS.name, size, theme);
    const password = inputView(this.#password.draft, 0, LABELS.password, size, theme);
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
      legend(other, 'log-in'),
      legend('closes', 'close'),
    ];
    return { title, legends, rows, cursor: { x, y } };
  }

  type(text: string): void {
    if (this.#isBusy) return;
    this.#problem = null;
    this.#field.insert(text.replace(/[\r\n]+$/, ''));
  }

  act(action: Action): void {
    if (this.#isBusy) return;
    if (TO_OTHER_FIELD.has(action)) this.#isInPassword = !this.#isInPassword;
    else if (action === 'log-in') {
      this.#kind = this.#kind === 'register' ? 'login' : 'register';
      this.#problem = null;
    } else if (action === 'enter') this.#goOn();
    else if (!NO_FIELD_HAS.has(action)) this.#field.act(action);
  }

  /** Goes to the field. */
  press(row: number): void {
    if (row === this.#nameRow || row === this.#nameRow + 1) this.#isInPassword = row > this.#nameRow;
  }

  get #field(): Editor {
    return this.#isInPassword ? this.#password : this.#name;
  }

  #goOn(): void {
    const name = usernameSchema.safeParse(this.#name.text.trim());
    this.#problem = name.success ? null : (name.error.issues[0]?.message ?? name.error.message);
    if (!name.success) this.#isInPassword = false;
    else if (!this.#isInPassword) this.#isInPassword = true;
    else {
      this.#isBusy = true;
      void this.#submit(name.data);
    }
  }

  async #submit(username: string): Promise<void> {
    const { submit, onChange } = this.#parts;
    const { status, phrase, message } = await submit(this.#kind, username, this.#password.text);
    this.#isBusy = false;
    if (!isSuccess(status)) {
      this.#problem = message;
      this.#isInPassword = phrase !== 'USERNAME_TAKEN';
      if (OF_PASSWORD.has(phrase)) this.#password.load('');
    }
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
