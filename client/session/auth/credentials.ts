// The checks of a username and a password that need no tracker.

import type { Answer } from '../../../core/protocol/envelope.js';
import { explain } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { PASSWORD_TOO_SHORT, passwordLengthFault } from '../../../core/protocol/text-limits.js';

/** The reason why the tracker would refuse the credentials; null if the tracker has to decide. */
export function refusalOf(
  title: 'Registration' | 'Login',
  username: string,
  password: string,
): Answer<1> | null {
  const name = usernameSchema.safeParse(username);
  if (!name.success) return { phrase: 'INVALID_COMMAND', message: explain(name.error) };
  return title === 'Registration' ? newPasswordRefusal(password) : knownPasswordRefusal(password);
}

/** Why the tracker would refuse a new password because of its length; null if the length is allowed. */
export function newPasswordRefusal(password: string): Answer<1> | null {
  return refusal(passwordLengthFault(password));
}

/**
 * Checks the length in bytes. Earlier versions counted bytes and not characters, so an existing password of a few non-ASCII
 * letters may be valid.
 */
function knownPasswordRefusal(password: string): Answer<1> | null {
  if (Buffer.byteLength(password) < limits.passwordMinLength) return refusal(PASSWORD_TOO_SHORT);
  return Buffer.byteLength(password) > limits.passwordMaxBytes
    ? refusal(passwordLengthFault(password))
    : null;
}

const refusal = (message: string | null): Answer<1> | null =>
  message === null ? null : { phrase: 'PASSWORD_REFUSED', message };
