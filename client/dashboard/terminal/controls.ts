// What the dashboard wants of the terminal it is on, and cannot do by itself.

export interface TerminalControls {
  /** Where a click at that place would lead; null without a link there. */
  linkAt(x: number, y: number): string | null;
  openLink(url: string): void;
  /** Paints all of it anew. */
  redraw(): void;
  /** Back to the shell until that lets it go on. */
  suspend(): void;
  toggleMouse(): void;
  hasMouse(): boolean;
  quit(): void;
}
