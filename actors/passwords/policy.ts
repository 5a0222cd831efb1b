// The password policy. The list of common passwords is zxcvbn's.
import { dictionary } from '@zxcvbn-ts/language-common';
import { passwordLengthFault } from '../../core/protocol/text-limits.js';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** The form that is hashed and compared. It does not depend on how a keyboard composes a letter (RFC 8265). */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/** The reason why a new password is refused, as a sentence; null if it is accepted. */
export function refusePassword(password: string, username: string): string | null {
  const normal = normalisePassword(password);
  const fault = passwordLengthFault(normal);
  if (fault !== null) return fault;
  if (/\p{Cc}/u.test(normal)) return 'The password contains control characters. Remove these characters.';
  const folded = normal.toLowerCase();
  if (folded === username.toLowerCase()) return 'The password is the username. Choose another one.';
  if (common.has(folded)) return 'The password is one of the most common ones. Choose a less common one.';
  return null;
}
