// A plain terminal in its own process, on pipes. Specs type lines and read its output.
import { type Child, startPartyline } from '../../../bin/children/partyline.js';
import { until } from '../until.js';

/**
 * A command that is typed after other lines. Lines are handled in order, so its answer shows that all earlier lines were handled.
 */
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

  /** All lines of its output, without the times. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Types a line. Resolves when it was handled, or for `/quit` when the terminal has ended. */
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

  /** Resolves once its output contains `line` after the line of the last call. */
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
      await until(condition, what);
    } catch (cause) {
      const said = [...this.#lines, this.#child.errors].join('\n  ');
      throw new Error(`waited without success for: ${what}\n  ${said}`, { cause });
    }
  }
}

export function withoutTime(line: string): string {
  return line.replace(/^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d /, '');
}
