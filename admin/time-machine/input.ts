// The effects of keys, text and the mouse on the time machine.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InputEvent } from '../../screen/keys/parser.js';
import { isWithin } from '../../screen/paint/composition.js';
import { splitGraphemes } from '../../screen/paint/segmentation.js';
import type { TerminalControls } from '../../screen/terminal/controls.js';
import { type Action, actionOf } from './keys.js';
import { ADMIN_CHANGES, REMOVALS } from './log/timeline.js';
import type { TimeMachine } from './model/time-machine.js';
import type { Shown } from './view/compose.js';

export interface InputParts {
  readonly machine: TimeMachine;
  readonly controls: Pick<TerminalControls, 'redraw' | 'suspend' | 'toggleMouse' | 'quit'>;
  /** The screen that is shown. */
  readonly shown: () => Shown | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WHEEL_ROWS = 3;

type Effects = { readonly [A in Action]: () => unknown };

export function createInput({ machine, controls, shown }: InputParts): (event: InputEvent) => void {
  const { observation } = machine;
  /** Whether the mouse button was pressed on the timeline. */
  let isScrubbing = false;

  const scroll = (rows: number): void => {
    const last = shown()?.lastScroll ?? 0;
    if (machine.help.isShown) machine.help.scrollBy(rows, last);
    else observation.scrollBy(rows, last);
  };

  const effects: Effects = {
    'next-event': () => machine.step(1),
    'previous-event': () => machine.step(-1),
    'page-forward': () => machine.page('next'),
    'page-back': () => machine.page('previous'),
    'hour-forward': () => machine.stepTime(HOUR_MS),
    'hour-back': () => machine.stepTime(-HOUR_MS),
    'day-forward': () => machine.stepTime(DAY_MS),
    'day-back': () => machine.stepTime(-DAY_MS),
    beginning: () => machine.goTo(0),
    end: () => machine.goTo(machine.end),
    'go-to': () => machine.ask('go-to'),
    'next-of-kind': () => machine.seekKind('next'),
    'previous-of-kind': () => machine.seekKind('previous'),
    'next-of-subject': () => machine.seekSubject('next'),
    'previous-of-subject': () => machine.seekSubject('previous'),
    'next-admin-change': () => machine.seekTypes('next', ADMIN_CHANGES, 'a change of admins'),
    'previous-admin-change': () => machine.seekTypes('previous', ADMIN_CHANGES, 'a change of admins'),
    'next-removal': () => machine.seekTypes('next', REMOVALS, 'a removal'),
    'previous-removal': () => machine.seekTypes('previous', REMOVALS, 'a removal'),
    search: () => machine.ask('search'),
    'next-hit': () => machine.seekHit('next'),
    'previous-hit': () => machine.seekHit('previous'),
    play: () => machine.togglePlay(),
    faster: () => machine.changeSpeed(1),
    slower: () => machine.changeSpeed(-1),
    'select-previous': () => observation.select(-1),
    'select-next': () => observation.select(1),
    'switch-list': () => observation.switchList(),
    follow: () => observation.toggleFollow(),
    'scroll-up': () => scroll(-1),
    'scroll-down': () => scroll(1),
    'compare-now': () => observation.compare(observation.other === null ? 'now' : null),
    'compare-mark': () => machine.compareMark(),
    'zoom-in': () => machine.zoom('in'),
    'zoom-out': () => machine.zoom('out'),
    help: () => machine.help.toggle(),
    'toggle-mouse': () => controls.toggleMouse(),
    redraw: () => controls.redraw(),
    suspend: () => void suspend(),
    close: () => machine.closeTop(),
    quit: () => controls.quit(),
  };

  async function suspend(): Promise<void> {
    machine.playback.stop();
    // If a frame is due, it is painted before the screen is left.
    await nextTurn();
    await controls.suspend();
  }

  function press(key: string): void {
    if (machine.prompt !== null) return pressInPrompt(key);
    const action = actionOf(key);
    if (action === undefined) return;
    if (machine.help.isShown && pressInHelp(action)) return;
    effects[action]();
  }

  function pressInPrompt(key: string): void {
    if (key === 'enter') machine.submit();
    else if (key === 'escape' || key === 'C-c' || key === 'C-g') machine.closeTop();
    else machine.editPrompt((prompt) => prompt.press(key));
  }

  /** In the help the keys of the lists scroll. Returns false for a key with its usual effect. */
  function pressInHelp(action: Action): boolean {
    const rows: Partial<Record<Action, number>> = {
      'select-previous': -1,
      'select-next': 1,
      'page-back': -10,
      'page-forward': 10,
      beginning: -1_000,
      end: 1_000,
    };
    const found = rows[action];
    if (found !== undefined) scroll(found);
    return found !== undefined;
  }

  function type(text: string): void {
    for (const letter of splitGraphemes(text)) {
      // A key may open an input line, which takes the following letters.
      if (machine.prompt !== null) machine.editPrompt((prompt) => prompt.type(letter));
      else press(letter === ' ' ? 'space' : letter);
    }
  }

  function mouse({ action, x, y }: InputEvent & { readonly kind: 'mouse' }): void {
    const at = { x, y };
    const wheel = action === 'wheel-up' ? -1 : action === 'wheel-down' ? 1 : 0;
    if (machine.help.isShown) return wheel === 0 ? undefined : scroll(wheel * WHEEL_ROWS);
    const layout = shown()?.layout ?? null;
    if (layout === null || machine.prompt !== null) return;
    if (action === 'release') {
      isScrubbing = false;
      return;
    }
    if (isScrubbing && action === 'drag') return machine.goToColumn(x);
    if (isWithin(layout.timeline, at)) {
      if (wheel !== 0) return machine.stepColumn(wheel > 0 ? 'next' : 'previous');
      isScrubbing = action === 'press';
      if (isScrubbing) machine.goToColumn(x);
      return;
    }
    if (layout.list !== null && isWithin(layout.list, at)) {
      const line = machine.scene?.list.lines[y - layout.list.y];
      if (wheel !== 0) observation.select(wheel * WHEEL_ROWS);
      else if (action === 'press' && line !== undefined) observation.choose(line.subject);
      return;
    }
    if (isWithin(layout.events, at)) {
      const event = machine.scene?.neighbours[y - layout.events.y];
      if (wheel !== 0) machine.step(wheel);
      else if (action === 'press' && event !== undefined) machine.goTo(event.position);
      return;
    }
    if (wheel !== 0) scroll(wheel * WHEEL_ROWS);
  }

  return (event) => {
    switch (event.kind) {
      case 'key':
        return press(event.key);
      case 'text':
        return type(event.text);
      case 'line':
        type(event.text);
        return press('enter');
      case 'paste':
        // Outside of an input line, the letters of a paste would act as keys.
        return machine.prompt === null ? undefined : type(event.text);
      case 'mouse':
        return mouse(event);
      case 'report':
        return undefined;
    }
  };
}
