// What the mouse does: the wheel scrolls what is under it, a click opens a link, a window, or what the list names.
import type { Device } from './device.js';
import type { InputEvent } from './keys/parser.js';
import type { Layers } from './layers.js';
import type { Navigation } from './navigation.js';
import type { Picture } from './picture.js';
import { isWithin } from './view/layout.js';

export interface PointerParts {
  readonly layers: Pick<Layers, 'top'>;
  readonly navigation: Navigation;
  readonly device: Device;
  readonly speak: (line: string) => void;
}

/** @param picture what was shown when it happened */
export function point(
  { layers, navigation, device, speak }: PointerParts,
  { action, x, y }: InputEvent & { readonly kind: 'mouse' },
  { layout, sidebar }: Picture,
): void {
  const wheel = action === 'wheel-up' ? 'scroll-up' : action === 'wheel-down' ? 'scroll-down' : null;
  if (layers.top !== null) {
    if (wheel !== null) layers.top.act(wheel);
    return;
  }
  if (layout === null) return;
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
