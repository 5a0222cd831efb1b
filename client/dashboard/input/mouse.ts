// What the mouse does: the wheel scrolls what is under it, a click opens a link, a window, or what the list
// names, and takes what lies on top offers.
import type { Completion } from '../model/completion.js';
import type { Device } from '../terminal/device.js';
import type { InputEvent } from './keys/parser.js';
import type { Layers } from '../overlay/overlays.js';
import type { Navigation } from '../model/navigation.js';
import type { Picture } from '../view/composed-screen.js';
import { isWithin } from '../view/layout.js';

export interface PointerParts {
  readonly layers: Pick<Layers, 'top'>;
  readonly completion: Pick<Completion, 'act' | 'take'>;
  readonly navigation: Navigation;
  readonly device: Device;
  readonly speak: (line: string) => void;
}

/** @param picture what was shown when it happened */
export function point(
  { layers, completion, navigation, device, speak }: PointerParts,
  { action, x, y }: InputEvent & { readonly kind: 'mouse' },
  { layout, sidebar, top, menu }: Picture,
): void {
  const wheel = action === 'wheel-up' ? 'scroll-up' : action === 'wheel-down' ? 'scroll-down' : null;
  if (layers.top !== null) {
    if (wheel !== null) layers.top.act(wheel);
    else if (action === 'press' && top !== null && isWithin(top, { x, y })) layers.top.press?.(y - top.y);
    return;
  }
  if (layout === null) return;
  if (menu !== null && isWithin(menu.place, { x, y })) {
    if (wheel !== null) completion.act(wheel === 'scroll-up' ? 'up' : 'down');
    else if (action === 'press') completion.take(menu.first + y - menu.place.y);
    return;
  }
  const window = layout.windows.find(({ place }) => isWithin(place, { x, y }));
  if (wheel !== null) {
    if (window !== undefined) navigation.scroll(wheel, layout, window.index);
  } else if (action === 'press') {
    const link = device.linkAt(x, y);
    const target = isWithin(layout.sidebar, { x, y }) ? sidebar[y - layout.sidebar.y]?.target : null;
    if (link !== null) device.openLink(link);
    else if (window !== undefined) navigation.activate(window.index);
    else if (target !== null && target !== undefined) {
      if ('conversation' in target) navigation.show(target.conversation);
      else speak(`/msg ${target.person}`);
    }
  }
}
