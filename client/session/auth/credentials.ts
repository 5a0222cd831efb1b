// The checks of a username and a password that need no tracker.

import type { Answer } from '../../../core/protocol/envelope.js';
import { explain } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import { usernameSchema } from '../../../core/protocol/names.js';

/** Why the tracker would refuse these; null if the tracker has to decide. */
export function refusalOf(username: string, password: string): Answer<1> | null {
  const name = usernameSchema.safeParse(username);
  if (!name.success) return { phrase: 'INVALID_COMMAND', message: explain(name.error) };
  return passwordRefusal(password);
}

/** The same for a password alone. */
export function passwordRefusal(password: string): Answer<1> | null {
  const bytes = Buffer.byteLength(password);
  if (bytes < limits.passwordMinBytes) {
    return {
      phrase: 'PASSWORD_REFUSED',
      message: `The password is too short: use at least ${limits.passwordMinBytes} bytes.`,
    };
  }
  if (bytes > limits.passwordMaxBytes) {
    return {
      phrase: 'PASSWORD_REFUSED',
      message: `The password has ${bytes} bytes; use at most ${limits.passwordMaxBytes} (an accented letter takes two or more).`,
    };
  }
  return null;
}
