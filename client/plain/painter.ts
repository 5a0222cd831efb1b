// The display of the typed line by a prompt. A row prompt implements it, and a steady prompt for screen readers.

/** The line as it is shown: passwords are already masked. */
export interface ShownLine {
  /** The text before the cursor. */
  readonly before: string;
  readonly after: string;
}

/** Every method returns the bytes to write. */
export interface Painter {
  /** Shows the present state of the line. */
  paint(line: ShownLine): string;
  /** Prints lines. The typed line stays visible or can be shown again. @param line null after the end */
  print(lines: readonly string[], line: ShownLine | null): string;
  /** Ends a line that was entered, before its answer is printed. @param isCommand false for a message, which is shown as an event */
  enter(line: ShownLine, isCommand: boolean): string;
  /** Shows the line again because the user asks for it with Ctrl+L. */
  repeat(line: ShownLine): string;
  /** Ends the display. */
  end(): string;
}
