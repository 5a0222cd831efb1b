// Whether the specs of bad networks run on this machine, all of them or only the short ones, and the reason if they do not run.
import anyTest from 'ava';
import { unavailableReason } from './spaces.js';

const asked = process.env['NET'];
const reason =
  asked === undefined ? 'they take minutes and need root; run npm run test:net' : unavailableReason();

/** Whether all specs run, and not only those that take a minute. */
export const isWhole = asked === 'whole';

/** A serial test function. Where the specs cannot run it skips them, and a title with `subject` gives the reason. */
export function netTest(subject: string) {
  if (reason === null) return anyTest.serial;
  anyTest.skip(`net: ${subject} is skipped: ${reason}`, (t) => t.fail(reason));
  return anyTest.serial.skip;
}
