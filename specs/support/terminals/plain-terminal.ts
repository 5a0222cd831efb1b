// A plain terminal as a process of its own, on pipes: what is typed is one line after another, what it says is read.
import { type Child, startPartyline } from '../../../bin/demo/child.js';
import { until } from '../until.js';

const PATIENCE_MS = 15_000;
/** Lines are handled in order, so that the answer to this one says that those before have been. */
const MARKER = { typed: '/help quit', answer: /^== \/quit: / };

export interface PlainTerminalOptions {
  readonly profile: string;
  readonly home: string;
  readonly invite: string;
}

export class PlainTerminal {
  readonly #child: Child;
  readonly #lines: string[] = [];
  #sought = 0;

  constructor({ profile, home, invite }: PlainTerminalOptions) {
    this.#child = startPartyline({
      args: ['chat', '--plain', '--profile', profile, '--home', home, invite],
      onLine: (line) => this.#lines.push(withoutTime(line)),
    });
  }

  /** All it has said, without the times. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Types a line; resolves when it has been handled, or with `/quit` when the terminal has ended. */
  async type(line: string): Promise<void> {
    this.#child.write(line);
    if (line === '/quit') {
      await this.#child.ended;
      return;
    }
    const handled = (): number => this.#lines.filter((said) => MARKER.answer.test(said)).length;
    const before = handled();
    this.#child.write(MARKER.typed);
    await this.#wait(() => handled() > before, `${line} to be handled`);
  }

  /** Resolves once it has said `line`, after what was seen before. */
  async sees(line: string): Promise<void> {
    const wanted = withoutTime(line);
    const place = (): number => this.#lines.indexOf(wanted, this.#sought);
    await this.#wait(() => place() >= 0, wanted);
    this.#sought = place() + 1;
  }

  async kill(): Promise<void> {
    await this.#child.stop('SIGKILL');
  }

  async #wait(condition: () => boolean, what: string): Promise<void> {
    try {
      await until(condition, what, PATIENCE_MS);
    } catch (cause) {
      const said = [...this.#lines, this.#child.errors].join('\n  ');
      throw new Error(`waited in vain for: ${what}\n  ${said}`, { cause });
    }
  }
}

export function withoutTime(line: string): string {
  return line.replace(/^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d /, '');
}
