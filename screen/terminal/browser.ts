// The opening of an address in the user's browser, or in the program that `BROWSER` names.
import { spawn } from 'node:child_process';
import { isSafeUrl } from '../../core/protocol/message/spans.js';

/** Resolves false if no browser could be started, or if the address is not safe to open. */
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
    // The package `open` may have started the process already. A process id shows that the process has started.
    if (child.pid !== undefined) resolve(true);
  });
}
