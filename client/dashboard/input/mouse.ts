// What the mouse does: the wheel scrolls what is under it, a click opens a link, a window, or what the list
// names, and takes what lies on top offers.
import type { Completion } from '../model/completion.js';
import type { TerminalControls } from '../terminal/controls.js';
import type { InputEvent } from './keys/parser.js';
import type { Overlays } from '../overlay/overlays.js';
import type { Navigation } from '../model/navigation.js';
import type { ComposedScreen } from '../view/composed-screen.js';
import { isWithin } from '../view/layout.js';

export interface MouseParts {
  readonly overlays: Pick<Overlays, 'top'>;
  readonly completion: Pick<Completion, 'act' | 'take'>;
  readonly navigation: Navigation;
  readonly controls: TerminalControls;
  readonly speak: (line: string) => void;
}

/** @param picture what was shown when it happened */
export function handleMouse(
  { overlays, completion, navigation, controls, speak }: MouseParts,
  { action, x, y }: InputEvent & { readonly kind: 'mouse' },
  { layout, sidebar, top, menu }: ComposedScreen,
): void {
  const wheel = action === 'wheel-up' ? 'scroll-up' : action === 'wheel-down' ? 'scroll-down' : null;
  if (overlays.top !== null) {
    if (wheel !== null) overlays.top.act(wheel);
    else if (action === 'press' && top !== null && isWithin(top, { x, y })) overlays.top.press?.(y - top.y);
    return;
  }
  if (layout === null) return;
  if (menu !== null && isWithin(menu.rect, { x, y })) {
    if (wheel !== null) completion.act(wheel === 'scroll-up' ? 'up' : 'down');
    else if (action === 'press') completion.take(menu.first + y - menu.rect.y);
    return;
  }
  const window = layout.windows.find(({ rect }) => isWithin(rect, { x, y }));
  if (wheel !== null) {
    if (window !== undefined) navigation.scroll(wheel, layout, window.index);
  } else if (action === 'press') {
    const link = controls.linkAt(x, y);
    const target = isWithin(layout.sidebar, { x, y }) ? sidebar[y - layout.sidebar.y]?.target : null;
    if (link !== null) controls.openLink(link);
    else if (window !== undefined) navigation.activate(window.index);
    else if (target !== null && target !== undefined) {
      if ('conversation' in target) navigation.show(target.conversation);
      else speak(`/msg ${target.person}`);
    }
  }
}
