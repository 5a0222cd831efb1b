// The report of an uncaught exception. It is printed on the terminal's own screen, after the terminal is restored.

interface Restorable {
  restore(): Promise<boolean>;
}

export class CrashReport {
  /** The log of the profile, which the report names; null until a profile is open. */
  logFile: string | null = null;

  constructor(private readonly terminal: Restorable) {}

  start(): void {
    process.on('uncaughtException', this.#report);
  }

  stop(): void {
    process.off('uncaughtException', this.#report);
  }

  readonly #report = (error: unknown): void => void this.#print(error);

  async #print(error: unknown): Promise<void> {
    const hasOutput = await this.terminal.restore();
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // Writing to a terminal that accepts no output would block the exit.
    if (hasOutput) {
      const log = this.logFile === null ? '' : `The log is in ${this.logFile}\n`;
      process.stderr.write(`partyline: a defect: ${stack}\n${log}`);
    }
    process.exit(1);
  }
}
