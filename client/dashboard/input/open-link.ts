// The opening of a link in a browser, with a status message about the result.
import type { StatusMessages } from '../model/status-message.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';

export async function openLink(
  url: string,
  controls: Pick<TerminalControls, 'openLink'>,
  status: Pick<StatusMessages, 'show'>,
): Promise<void> {
  const isOpen = await controls.openLink(url);
  status.show(isOpen ? `Opened ${url}` : `No browser could be started for ${url}`);
}
