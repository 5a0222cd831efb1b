// A process that accepts messages as fast as it can and prints each number, until it is killed.
import { openHistory } from '../../../client/history/history.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { draftSchema } from './draft.js';

const [file = '', draft = ''] = process.argv.slice(2);
const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
const { recipient, ...message } = draftSchema.parse(JSON.parse(draft));
for (;;) {
  const { message: accepted } = await history.accept(message, [recipient]);
  process.stdout.write(`${accepted.seq}\n`);
  // Lets the pipe drain, so that every printed number has left the process.
  await new Promise(setImmediate);
}
