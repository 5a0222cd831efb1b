// Translates mouse reports in the SGR (1006), urxvt (1015) and X10 formats into mouse events.

/** Columns and rows count from 0. */
export interface MouseEvent {
  readonly kind: 'mouse';
  readonly action: 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down';
  readonly x: number;
  readonly y: number;
}

/** Null for an event without an effect. In the SGR format, `parameters` begin with `<`. */
export function mouseEvent(parameters: string, final: string): MouseEvent | null {
  const isSgr = parameters.startsWith('<');
  const [code, column, row] = parameters
    .slice(isSgr ? 1 : 0)
    .split(';')
    .map(Number);
  if (code === undefined || column === undefined || row === undefined) return null;
  return isSgr ? made(code, column, row, final === 'm') : released(code - 32, column, row);
}

/** A report of three bytes, each 32 more than its value. */
export function x10MouseEvent([button, column, row]: readonly [number, number, number]): MouseEvent | null {
  return released(button - 32, column - 32, row - 32);
}

/** In the urxvt and X10 formats, code 3 is the release of any button. */
function released(code: number, column: number, row: number): MouseEvent | null {
  return code === 3 ? made(0, column, row, true) : made(code, column, row, false);
}

function made(code: number, column: number, row: number, isReleased: boolean): MouseEvent | null {
  const action = actionOf(code, isReleased);
  const isOnScreen = Number.isInteger(column) && Number.isInteger(row) && column >= 1 && row >= 1;
  return action === null || !isOnScreen ? null : { kind: 'mouse', action, x: column - 1, y: row - 1 };
}

/** Only the left button and the wheel have effects. */
function actionOf(code: number, isReleased: boolean): MouseEvent['action'] | null {
  if (code === 64) return 'wheel-up';
  if (code === 65) return 'wheel-down';
  if (code === 32) return 'drag';
  if (code !== 0) return null;
  return isReleased ? 'release' : 'press';
}
