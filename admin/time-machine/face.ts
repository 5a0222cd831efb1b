// The time machine on a terminal: the terminal, the state and the view put together, until the user quits.
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Clock, Schedule } from '../../core/time/clock.js';
import { Appearance, backgroundOf, type ThemeChoice } from '../../screen/paint/appearance.js';
import { Characters } from '../../screen/paint/characters.js';
import { hasUtf8, unmeasured } from '../../screen/paint/charset.js';
import { depthOf } from '../../screen/paint/colour.js';
import { changes, Frame } from '../../screen/paint/frame.js';
import { CrashReport } from '../../screen/terminal/crash-report.js';
import { Terminal } from '../../screen/terminal/terminal.js';
import { assumptionNote } from '../../screen/terminal/terminfo.js';
import { createInput } from './input.js';
import { type Start, TimeMachine } from './model/time-machine.js';
import type { Reads } from './reads.js';
import { compose, type Shown } from './view/compose.js';

export interface TimeMachineFace {
  readonly reads: Reads;
  readonly start: Start;
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** `NO_COLOR`, `COLORTERM` and `TERM` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
  readonly theme: ThemeChoice;
  /** Whether to show ASCII only; undefined to decide by the locale in `env`. */
  readonly isAscii: boolean | undefined;
}

/**
 * Runs until the user quits, or the terminal is lost. Then restores the terminal. Rejects with an `OperatorError` for a start
 * that the log does not have, before it takes the screen. Also rejects with the error of a failed reading.
 */
export async function runTimeMachine(face: TimeMachineFace): Promise<void> {
  const { reads, start, input, output, env, clock, schedule, monotonicNow } = face;
  const terminal = new Terminal({ input, output, env, schedule, monotonicNow });
  const failures: unknown[] = [];
  const machine = new TimeMachine({
    reads,
    clock,
    schedule,
    onChange: () => terminal.invalidate(),
    onFailure: (thrown) => {
      failures.push(thrown);
      terminal.quit();
    },
  });
  await machine.open(start);
  const crashReport = new CrashReport(terminal);
  crashReport.start();
  try {
    await show(face, machine, terminal);
  } finally {
    machine.close();
    await terminal.restore();
    crashReport.stop();
  }
  if (failures.length > 0) throw failures[0];
}

async function show(face: TimeMachineFace, machine: TimeMachine, terminal: Terminal): Promise<void> {
  const { output, env } = face;
  const appearance = new Appearance(face.theme, backgroundOf(env));
  const { theme } = appearance;
  const characters = new Characters(face.isAscii, hasUtf8(env, process.platform), appearance);
  const depth = depthOf(env);
  let shown: Shown | null = null;
  const composed = (columns: number, rows: number) => {
    shown = compose(machine, columns, rows, theme);
    const { layout } = shown;
    if (layout !== null) {
      machine.fit({
        timelineColumns: layout.timeline.columns,
        listRows: (layout.list ?? layout.subject).rows,
        eventRows: layout.events.rows,
      });
    }
    return shown.composition;
  };
  // Until the terminal answers, the locale decides which characters are shown.
  await characters.adapt({ ...unmeasured, isUtf8: null, background: null });
  terminal.take();
  const blank = Frame.blank(output.columns, output.rows);
  output.write(terminal.probe() + changes(Frame.unknown(output.columns, output.rows), blank, null, depth));
  await nextTurn();
  await terminal.openScreen(depth, composed);
  terminal.onInput(createInput({ machine, controls: terminal, shown: () => shown }));
  const note = assumptionNote(env, existsSync);
  if (note !== undefined) machine.show(note);
  await characters.adapt(await terminal.traits());
  appearance.onChange(() => terminal.redraw());
  terminal.redraw();
  terminal.onTraits((traits) => void characters.adapt(traits));
  await terminal.ended;
}
