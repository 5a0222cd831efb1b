// The port through which input acts on the terminal.

export interface TerminalControls {
  /** The link under a cell of the screen; null without one. */
  linkAt(x: number, y: number): string | null;
  /** Opens the link in a browser. Resolves false if no browser could be started. */
  openLink(url: string): Promise<boolean>;
  /** Writes every cell of the screen again. */
  redraw(): void;
  /**
   * Stops the process group, as Ctrl+Z does. The shell's `fg` resumes it, and true is the result. False if nothing above it can
   * resume it, so that it was not stopped.
   */
  suspend(): Promise<boolean>;
  toggleMouse(): void;
  hasMouse(): boolean;
  quit(): void;
}
