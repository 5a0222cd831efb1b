// Which passwords are accepted. The list of common ones is zxcvbn's; length is counted in the bytes that bcrypt reads.
import { dictionary } from '@zxcvbn-ts/language-common';
import { limits } from '../../core/protocol/limits.js';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** The form in which a password is hashed and compared: however a keyboard composes a letter, it is the same (RFC 8265). */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/** Why a new password is refused, as a sentence; null when it is accepted. */
export function refusePassword(password: string, username: string): string | null {
  const normal = normalisePassword(password);
  const bytes = Buffer.byteLength(normal);
  if (bytes < limits.passwordMinBytes) {
    return `The password is too short: it needs at least ${limits.passwordMinBytes} bytes.`;
  }
  if (bytes > limits.passwordMaxBytes) {
    return `The password is too long: it has ${bytes} bytes, and bcrypt reads no more than ${limits.passwordMaxBytes}.`;
  }
  if (/\p{Cc}/u.test(normal)) return 'The password has control characters in it; leave them out.';
  const folded = normal.toLowerCase();
  if (folded === username.toLowerCase()) return 'The password is the username; choose another one.';
  if (common.has(folded))
    return 'The password is one of those everybody tries first; choose a less common one.';
  return null;
}
