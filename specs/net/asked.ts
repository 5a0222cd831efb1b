// Whether links over bad networks are to be tried here, how much of it, and why not.
import anyTest from 'ava';
import { whyNot } from './spaces.js';

const asked = process.env['NET'];
const reason = asked === undefined ? 'it takes minutes and root: npm run test:net does it' : whyNot();

/** All of it, and not only what takes a minute. */
export const isWhole = asked === 'whole';

/** One after the other; skipped where it cannot run, and then `what` is in a title that says why. */
export function netTest(what: string) {
  if (reason === null) return anyTest.serial;
  anyTest.skip(`net: ${what} is not tried here: ${reason}`, (t) => t.fail(reason));
  return anyTest.serial.skip;
}
