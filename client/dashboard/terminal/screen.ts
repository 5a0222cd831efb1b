// The screen on neo-blessed: blessed prepares the terminal, keeps the tree of panes and tells of resizes; what a pane
// shows is painted into a frame of our own, and only what has changed is written. Knows nothing of what is shown.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Widgets } from 'blessed';
import makeProgram from 'blessed/lib/program.js';
import makeBox from 'blessed/lib/widgets/box.js';
import makeScreen from 'blessed/lib/widgets/screen.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { Depth } from '../paint/colour.js';
import { type Cursor, changes, Frame } from '../paint/frame.js';
import type { Rect } from '../view/layout.js';

/** A part of the screen, painted over those before it. */
export interface Pane {
  readonly rect: Rect;
  readonly paint: (frame: Frame, rect: Rect) => void;
}

export interface Composition {
  readonly panes: readonly Pane[];
  readonly cursor: Cursor;
}

export interface ScreenParts {
  readonly output: WriteStream;
  readonly depth: Depth;
  readonly compose: (columns: number, rows: number) => Composition;
  readonly schedule: Schedule;
}

/** What nobody waits for is painted at most once in this time: a busy room leaves time for its reader's keys. */
const CALM_MS = 25;

/** Blessed ends the process on these by itself; whoever runs a terminal has better manners. */
const SEIZED = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException', 'exit'] as const;

export class Screen {
  readonly #parts: ScreenParts;
  readonly #screen: Widgets.Screen;
  readonly #boxes: Widgets.BoxElement[] = [];
  #composition: Composition = { panes: [], cursor: null };
  #shown: Frame;
  #next: Frame;
  /** What was shown before, to be painted over. */
  #spare: Frame | null = null;
  #isDue = false;
  #isWriting = false;
  /** After a frame, until the next one may be made of what nobody waits for; and whether there is any. */
  #isCalm = false;
  #isLate = false;
  #isOpen = true;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
    const { output } = parts;
    this.#screen = withoutSeizing(() => {
      const program = makeProgram({ input: silence(), output, buffer: true });
      return makeScreen({ program, smartCSR: false, fullUnicode: true, title: 'Partyline' });
    });
    this.#next = Frame.blank(output.columns, output.rows);
    this.#shown = Frame.unknown(output.columns, output.rows);
    this.#screen.draw = () => this.#draw();
    this.#screen.on('resize', () => this.redraw());
  }

  /** What a click at that place would open; null without a link there. */
  linkAt(x: number, y: number): string | null {
    return this.#shown.cells[y]?.[x]?.style.link ?? null;
  }

  /** Paints once for all that changes in a turn. While the terminal has not taken the last frame, none is made. */
  invalidate(): void {
    if (this.#isDue || !this.#isOpen) return;
    this.#isDue = true;
    if (!this.#isWriting) setImmediate(() => this.#render());
  }

  /** The same, not more often than an eye sees. */
  invalidateCalmly(): void {
    if (this.#isCalm) this.#isLate = true;
    else this.invalidate();
  }

  /** Paints all of it anew. */
  redraw(): void {
    this.#shown = Frame.unknown(0, 0);
    this.invalidate();
  }

  /** Gives the terminal back as it was. */
  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#screen.leave();
    this.#screen.program.flush();
  }

  /** Takes it again; anew if it is taken already. */
  enter(): void {
    if (!this.#isOpen) this.#screen.enter();
    this.#isOpen = true;
    this.redraw();
  }

  /** For good. */
  close(): void {
    this.leave();
    this.#screen.destroy();
  }

  #render(): void {
    this.#isDue = false;
    if (!this.#isOpen) return;
    this.#rest();
    const { columns, rows } = this.#parts.output;
    this.#next = this.#blank(columns, rows);
    this.#composition = this.#parts.compose(columns, rows);
    this.#arrange(this.#composition.panes);
    this.#screen.render();
  }

  #rest(): void {
    this.#isLate = false;
    if (this.#isCalm) return;
    this.#isCalm = true;
    this.#parts.schedule(CALM_MS, () => {
      this.#isCalm = false;
      if (this.#isLate) this.invalidate();
    });
  }

  /** A frame is made of thousands of cells: two of them take turns. */
  #blank(columns: number, rows: number): Frame {
    const spare = this.#spare;
    this.#spare = null;
    if (spare?.columns !== columns || spare.rows !== rows) return Frame.blank(columns, rows);
    spare.clear();
    return spare;
  }

  /** One box a pane, in their order. */
  #arrange(panes: readonly Pane[]): void {
    for (const box of this.#boxes.splice(panes.length)) box.detach();
    for (const [index, { rect }] of panes.entries()) {
      const box = this.#boxes[index] ?? this.#box(index);
      const { x, y, columns, rows } = rect;
      // Blessed clears where a box was each time it is moved, even to where it is.
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
    // Blessed draws by itself after a resize, before there is a frame of the new size.
    if (columns !== output.columns || rows !== output.rows) return this.redraw();
    // What blessed itself wants of the terminal goes first.
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

/** A place as blessed has it. */
function coordinatesOf({ x, y, columns, rows }: Rect): Widgets.Coords {
  const corners = { xi: x, xl: x + columns, yi: y, yl: y + rows };
  return { ...corners, base: 0, _contentEnd: { x: 0, y: 0 }, notop: 0, noleft: 0, noright: 0, nobot: 0 };
}

/** Keys are read elsewhere: blessed loses clicks and knows no paste. */
function silence(): PassThrough {
  return new PassThrough();
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
