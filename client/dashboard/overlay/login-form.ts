// The form to create an account or log in: a name, and a password that is never shown.
import { limits } from '../../../core/protocol/limits.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { countCharacters } from '../../../core/protocol/text-limits.js';
import type { Outcome } from '../../chat/outcome.js';
import type { LoggedIn } from '../../chat/results.js';
import { Editor } from '../input/editor/editor.js';
import { InputHistory } from '../input/editor/history.js';
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import { type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { inputView } from '../view/input.js';
import type { Overlay, OverlayView } from './overlay.js';

export type LoginFormKind = 'register' | 'login';

export interface LoginFormParts {
  readonly theme: Theme;
  readonly kind: LoginFormKind;
  readonly username: string;
  /** The text above the fields; may be empty. */
  readonly message: string;
  readonly submit: (kind: LoginFormKind, username: string, password: string) => Promise<Outcome<LoggedIn>>;
  /** Called when the form changes for another reason than a key press. */
  readonly onChange: () => void;
}

const LABELS = { name: 'Name      ', password: 'Password  ' } as const;
/** Editor actions that are disabled in a field, because a field has one line and no history. */
const EXCLUDED: ReadonlySet<Action> = new Set(['new-line', 'search-input']);
const OTHER_FIELD: ReadonlySet<Action> = new Set(['complete', 'up', 'down']);
const KINDS = {
  register: { title: 'Create an account', other: 'log in' },
  login: { title: 'Log in', other: 'register' },
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
    // The message was written for the kind of form (login or registration) that was opened. It is hidden if the user changes the
    // kind.
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
      ...this.#footer(columns),
    ];
    const y = intro.length + (this.#isInPassword ? 1 : 0);
    const { x } = (this.#isInPassword ? password : name).cursor;
    const { title, other } = KINDS[this.#kind];
    const legends = [
      legend('field', 'complete'),
      legend('continue', 'enter'),
      legend(other, 'log-in'),
      legend('close', 'close'),
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
    if (OTHER_FIELD.has(action)) this.#isInPassword = !this.#isInPassword;
    else if (action === 'log-in') {
      this.#kind = this.#kind === 'register' ? 'login' : 'register';
      this.#problem = null;
    } else if (action === 'enter') this.#continue();
    else if (!EXCLUDED.has(action)) this.#field.act(action);
  }

  /** Moves the cursor to the field in the clicked row. */
  press(row: number): void {
    if (row === this.#nameRow || row === this.#nameRow + 1) this.#isInPassword = row > this.#nameRow;
  }

  get #field(): Editor {
    return this.#isInPassword ? this.#password : this.#name;
  }

  #continue(): void {
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
    const { isOk, phrase, message } = await submit(this.#kind, username, this.#password.text);
    this.#isBusy = false;
    if (!isOk) {
      this.#problem = message;
      this.#isInPassword = phrase !== 'USERNAME_TAKEN';
    }
    onChange();
  }

  #footer(columns: number): readonly Row[] {
    const { theme } = this.#parts;
    if (this.#isBusy) return [rowOf([piece('… one moment', theme.overlay)])];
    if (this.#problem === null) return [[]];
    return wrapped([piece(`!! ${this.#problem}`, theme.error)], columns);
  }

  /**
   * A hint about the strength of a new password. It judges only the length, which matters most. The tracker refuses common
   * passwords.
   */
  #strength(): string {
    const { text } = this.#password;
    const bytes = Buffer.byteLength(text);
    if (this.#kind === 'login') return '';
    if (bytes === 0) return `at least ${limits.passwordMinLength} characters; several words are best`;
    if (bytes > limits.passwordMaxBytes) return `too long: at most ${limits.passwordMaxBytes} bytes`;
    const missing = limits.passwordMinLength - countCharacters(text);
    if (missing > 0) return `▂    too short: ${missing} more`;
    return bytes < 12 ? '▂▄   fair' : bytes < 18 ? '▂▄▆  good' : '▂▄▆█ strong';
  }
}
