// The screen of a full-screen view, on Blessed.
//
// Blessed prepares the terminal (alternate screen, size, title), keeps the tree of panes, and reports resizes. It also owns the widget
// focus, but no pane takes the focus: all keys go to the view.
//
// Painting, keys, mouse, pastes and the line editor are ours, for these reasons:
// - Blessed's log widget takes time that grows with the square of its length: 112 s for 10,000 lines; our painting takes 4 ms for them.
// - Blessed paints no italics and no hyperlinks, reduces colours, and shifts borders next to wide emoji.
// - Blessed's textbox has no cursor movement. Its key reader does not support bracketed paste, and it loses a click if the press and
//   the release arrive in one chunk.
// - Blessed ends the process on signals by itself: SIGTERM with exit code 0, SIGHUP with the terminal still in raw mode.
//
// So each pane is a Blessed box with a `render` method that paints into our own frame. The `draw` method of the screen writes only the
// changed cells. This file does not depend on the content of the panes.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Widgets } from 'blessed';
import makeProgram from 'blessed/lib/program.js';
import makeBox from 'blessed/lib/widgets/box.js';
import makeScreen from 'blessed/lib/widgets/screen.js';
import type { Schedule } from '../../core/time/clock.js';
import type { Depth } from '../paint/colour.js';
import type { Compose, Composition, Pane, Rect } from '../paint/composition.js';
import { changes, Frame } from '../paint/frame.js';

export interface ScreenParts {
  readonly output: WriteStream;
  /** The terminal type whose terminfo description Blessed reads. */
  readonly terminalName: string;
  readonly depth: Depth;
  readonly schedule: Schedule;
  readonly compose: Compose;
}

/** The shortest time between two calm repaints. It leaves processor time for keys while many messages arrive. */
const CALM_MS = 25;

/** Blessed adds listeners for these process events, and the listeners end the process. The view removes these listeners. */
const SEIZED = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException', 'exit'] as const;

export class Screen {
  readonly #parts: ScreenParts;
  readonly #screen: Widgets.Screen;
  readonly #boxes: Widgets.BoxElement[] = [];
  #compose: Compose;
  #composition: Composition = { panes: [], cursor: null };
  #shown: Frame;
  #next: Frame;
  /** The frame shown before `#shown`, kept for reuse. */
  #spare: Frame | null = null;
  #isDue = false;
  #isWriting = false;
  /** True for `CALM_MS` after a frame. */
  #isCalm = false;
  /** Whether a calm repaint was requested while `#isCalm` was true. */
  #isLate = false;
  #isOpen = true;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
    this.#compose = parts.compose;
    const { output } = parts;
    this.#screen = withoutSeizing(() => {
      // Blessed gets an empty input: `Tty` reads the keys.
      const program = makeProgram({
        input: new PassThrough(),
        output,
        buffer: true,
        terminal: parts.terminalName,
      });
      return makeScreen({ program, smartCSR: false, fullUnicode: true, title: 'Partyline' });
    });
    this.#next = Frame.blank(output.columns, output.rows);
    this.#shown = Frame.unknown(output.columns, output.rows);
    this.#screen.draw = () => this.#draw();
    this.#screen.on('resize', () => this.redraw());
  }

  /** From now on, each repaint shows what `compose` returns. */
  show(compose: Compose): void {
    this.#compose = compose;
    this.redraw();
  }

  /** The link that a click on this cell opens; null if the cell has no link. */
  linkAt(x: number, y: number): string | null {
    return this.#shown.cells[y]?.[x]?.style.link ?? null;
  }

  /**
   * Repaints once for all changes in one turn of the event loop. The next frame is made only after the terminal has accepted the
   * previous one.
   */
  invalidate(): void {
    if (this.#isDue || !this.#isOpen) return;
    this.#isDue = true;
    if (!this.#isWriting) setImmediate(() => this.#render());
  }

  /** Repaints at most once in 25 ms. */
  invalidateCalmly(): void {
    if (this.#isCalm) this.#isLate = true;
    else this.invalidate();
  }

  /** Writes every cell again. */
  redraw(): void {
    this.#shown = Frame.unknown(0, 0);
    this.invalidate();
  }

  /** Returns to the terminal's own screen. */
  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#screen.leave();
    this.#screen.program.flush();
  }

  /** Enters the alternate screen after `leave`, and writes every cell again. */
  enter(): void {
    if (!this.#isOpen) this.#screen.enter();
    this.#isOpen = true;
    this.redraw();
  }

  /** Leaves the screen and releases Blessed. */
  close(): void {
    this.leave();
    this.#screen.destroy();
  }

  #render(): void {
    this.#isDue = false;
    if (!this.#isOpen) return;
    this.#startCalm();
    const { columns, rows } = this.#parts.output;
    this.#next = this.#blank(columns, rows);
    this.#composition = this.#compose(columns, rows);
    this.#arrange(this.#composition.panes);
    this.#screen.render();
  }

  #startCalm(): void {
    this.#isLate = false;
    if (this.#isCalm) return;
    this.#isCalm = true;
    this.#parts.schedule(CALM_MS, () => {
      this.#isCalm = false;
      if (this.#isLate) this.invalidate();
    });
  }

  /** A blank frame. A frame has thousands of cells, so two frames are used in alternation. */
  #blank(columns: number, rows: number): Frame {
    const spare = this.#spare;
    this.#spare = null;
    if (spare?.columns !== columns || spare.rows !== rows) return Frame.blank(columns, rows);
    spare.clear();
    return spare;
  }

  /** Keeps one Blessed box for each pane, in the order of the panes. */
  #arrange(panes: readonly Pane[]): void {
    for (const box of this.#boxes.splice(panes.length)) box.detach();
    for (const [index, { rect }] of panes.entries()) {
      const box = this.#boxes[index] ?? this.#box(index);
      const { x, y, columns, rows } = rect;
      // Blessed clears the old rectangle on every assignment, even of an equal value.
      if (box.left !== x || box.top !== y) [box.left, box.top] = [x, y];
      if (box.width !== columns || box.height !== rows) [box.width, box.height] = [columns, rows];
    }
  }

  #box(index: number): Widgets.BoxElement {
    const box = makeBox({ parent: this.#screen });
    box.render = () => {
      const pane = this.#composition.panes[index];
      const rect = pane?.rect ?? { x: 0, y: 0, columns: 0, rows: 0 };
      pane?.paint(this.#next, rect);
      return coordinatesOf(rect);
    };
    this.#boxes[index] = box;
    return box;
  }

  #draw(): void {
    const { output, depth } = this.#parts;
    const { columns, rows } = this.#next;
    // After a resize Blessed calls `draw` itself, when no frame of the new size exists yet.
    if (columns !== output.columns || rows !== output.rows) return this.redraw();
    // Blessed's own control sequences must be written before the frame.
    this.#screen.program.flush();
    const isSameSize = this.#shown.columns === columns && this.#shown.rows === rows;
    const shown = isSameSize ? this.#shown : Frame.unknown(columns, rows);
    this.#isWriting = true;
    output.write(changes(shown, this.#next, this.#composition.cursor, depth), () => {
      this.#isWriting = false;
      if (this.#isDue) setImmediate(() => this.#render());
    });
    [this.#spare, this.#shown] = [isSameSize ? this.#shown : null, this.#next];
  }
}

/** The rectangle in the form that Blessed expects from `render`. */
function coordinatesOf({ x, y, columns, rows }: Rect): Widgets.Coords {
  const corners = { xi: x, xl: x + columns, yi: y, yl: y + rows };
  return { ...corners, base: 0, _contentEnd: { x: 0, y: 0 }, notop: 0, noleft: 0, noright: 0, nobot: 0 };
}

function withoutSeizing<T>(make: () => T): T {
  const before = SEIZED.map((name) => new Set(process.rawListeners(name)));
  const made = make();
  for (const [index, name] of SEIZED.entries()) {
    for (const listener of process.rawListeners(name)) {
      if (before[index]?.has(listener) !== true) process.off(name, listener as () => void);
    }
  }
  return made;
}
