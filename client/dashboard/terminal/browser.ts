// Opening an address in the user's browser, or in what they named as such.
import { spawn } from 'node:child_process';
import { isSafeUrl } from '../../../core/protocol/message/spans.js';

/** Resolves false when there is none that could be started, or the address is none to be opened. */
export async function openInBrowser(url: string, browser: string | undefined): Promise<boolean> {
  if (!isSafeUrl(url)) return false;
  const child =
    browser === undefined || browser === ''
      ? await (await import('open')).default(url)
      : spawn(browser, [url], { detached: true, stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
    // `open` may have started it already.
    if (child.pid !== undefined) resolve(true);
  });
}
