// A terminal driven by a program: `partyline chat --json` as its own process.
import { z } from 'zod';
import { type Child, type ChildOptions, startPartyline } from '../children/partyline.js';
import { slowness } from './slowness.js';

const eventSchema = z.looseObject({ event: z.string() });
/** One line of the JSON face, parsed. */
export type FaceEvent = z.infer<typeof eventSchema>;

const replySchema = z.looseObject({
  event: z.literal('reply'),
  line: z.int(),
  status: z.int(),
  phrase: z.string(),
  message: z.string(),
});
export type Reply = z.infer<typeof replySchema>;

export interface JsonTerminalOptions extends Pick<ChildOptions, 'by'> {
  readonly profile: string;
  readonly home: string;
  /** The invite; not needed when the profile has it stored. */
  readonly invite?: string;
  /** Variables that are added to the environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each line that is typed and each event that is received. */
  readonly onTyped?: (line: string) => void;
  readonly onEvent?: (event: FaceEvent) => void;
}

/** The longest wait for an event on a fast, idle machine. */
const PATIENCE_MS = 30_000;

export class JsonTerminal {
  readonly #child: Child;
  readonly #seen: FaceEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #line = 0;
  #hasEnded = false;

  constructor(private readonly options: JsonTerminalOptions) {
    const { profile, home, invite, env = {}, by = [] } = options;
    const args = [
      'chat',
      '--json',
      '--profile',
      profile,
      '--home',
      home,
      ...(invite === undefined ? [] : [invite]),
    ];
    this.#child = startPartyline({ args, env, onLine: (line) => this.#take(line), by });
    void this.#child.ended.then(() => this.#end());
  }

  /** Every event received so far, in order. */
  get seen(): readonly FaceEvent[] {
    return this.#seen;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Writes a line. Returns its number, which its replies have. */
  write(line: string): number {
    this.#line += 1;
    this.options.onTyped?.(line);
    this.#child.write(line);
    return this.#line;
  }

  /** Types a line. Resolves with its first reply. */
  async type(line: string): Promise<Reply> {
    const number = this.write(line);
    const reply = await this.expect({ event: 'reply', line: number }, `the reply to ${line}`);
    return replySchema.parse(reply);
  }

  /** Resolves with the first event that has all of `fields`. The search skips the first `after` events. */
  async expect(fields: Readonly<Record<string, unknown>>, what: string, after = 0): Promise<FaceEvent> {
    const start = Date.now();
    let patienceMs = PATIENCE_MS;
    for (;;) {
      // The slowness is measured only if the event did not arrive in the time that a fast machine takes.
      if (Date.now() - start >= patienceMs) patienceMs = PATIENCE_MS * (await slowness());
      const found = this.#seen.slice(after).find((event) => matches(event, fields));
      if (found !== undefined) return found;
      const leftMs = start + patienceMs - Date.now();
      if (leftMs <= 0 || this.#hasEnded) {
        const how = this.#hasEnded ? 'ended without' : 'did not see';
        throw new Error(`${this.options.profile} ${how} ${what}: ${this.#excuse(fields)}`);
      }
      await this.#next(leftMs);
    }
  }

  /** Kills the process as a power failure would. */
  async kill(): Promise<void> {
    await this.#child.stop('SIGKILL');
  }

  /** Ends the input of the process and resolves with its exit code. */
  async leave(): Promise<number | null> {
    this.#child.end();
    return this.#child.ended;
  }

  #take(line: string): void {
    const event = eventSchema.parse(JSON.parse(line));
    this.#seen.push(event);
    this.options.onEvent?.(event);
    this.#wake();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  #excuse(fields: Readonly<Record<string, unknown>>): string {
    const last = this.#seen.slice(-6).map((event) => JSON.stringify(event));
    return [`expected ${JSON.stringify(fields)}`, 'last seen:', ...last, this.#child.errors].join('\n  ');
  }
}

function matches(event: FaceEvent, fields: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).every(
    ([name, value]) => JSON.stringify(event[name]) === JSON.stringify(value),
  );
}
