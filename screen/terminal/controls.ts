// The port through which input acts on the terminal.

export interface TerminalControls {
  /** The link under a cell of the screen; null if the cell has no link. */
  linkAt(x: number, y: number): string | null;
  /** Opens the link in a browser. Resolves false if no browser could be started. */
  openLink(url: string): Promise<boolean>;
  /** Writes every cell of the screen again. */
  redraw(): void;
  /**
   * Stops the process group, as Ctrl+Z does. Resolves true when the shell's `fg` has resumed it. Resolves false without stopping
   * it if no shell could resume it.
   */
  suspend(): Promise<boolean>;
  toggleMouse(): void;
  hasMouse(): boolean;
  quit(): void;
}
