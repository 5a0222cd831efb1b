// The effects of the mouse: the wheel scrolls the window under the pointer, a click opens or selects the link, window or list
// entry under the pointer, and dragging moves a border between windows.
import type { Completion } from '../model/completion.js';
import type { Navigation } from '../model/navigation.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Overlays } from '../overlay/overlays.js';
import { isWithin } from '../../../screen/paint/composition.js';
import type { ComposedScreen } from '../view/composed-screen.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import type { InputEvent } from '../../../screen/keys/parser.js';
import { openLink } from './open-link.js';
import type { Submit } from './submit.js';

export interface MouseParts {
  readonly overlays: Pick<Overlays, 'top'>;
  readonly completion: Pick<Completion, 'act' | 'accept'>;
  readonly navigation: Navigation;
  readonly controls: TerminalControls;
  readonly status: StatusMessages;
  readonly submit: Submit;
}

/** @param screen the screen that was shown when the event came */
export function handleMouse(
  { overlays, completion, navigation, controls, status, submit }: MouseParts,
  { action, x, y }: InputEvent & { readonly kind: 'mouse' },
  { layout, sidebar, members, top, menu }: ComposedScreen,
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
    else if (action === 'press') completion.accept(menu.first + y - menu.rect.y);
    return;
  }
  const window = layout.windows.find(({ rect }) => isWithin(rect, { x, y }));
  if (action === 'drag') navigation.resizing.drag(x, y);
  else if (action === 'release') navigation.resizing.release();
  else if (wheel !== null) {
    if (window !== undefined) navigation.scroll(wheel, window.index);
  } else if (action === 'press') {
    const link = controls.linkAt(x, y);
    const target = isWithin(layout.sidebar, { x, y }) ? sidebar[y - layout.sidebar.y]?.target : null;
    const isBorder = navigation.resizing.grab(x, y);
    const member = members.find(({ rect }) => isWithin(rect, { x, y }));
    const username = member?.rows[y - member.rect.y]?.username ?? null;
    if (username !== null) void submit.startPrivate(username);
    else if (isBorder && window === undefined) return;
    else if (link !== null) void openLink(link, controls, status);
    else if (window !== undefined) navigation.activate(window.index);
    else if (target !== null && target !== undefined) {
      if ('conversation' in target) navigation.show(target.conversation);
      else void submit.startPrivate(target.person);
    }
  }
}
