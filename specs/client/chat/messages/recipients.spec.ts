import test from 'ava';
import { createRecipients } from '../../../../client/chat/messages/delivery/recipients.js';
import { createTime } from '../../../support/time.js';
import { newDevice } from '../support/world.js';

for (const [title, toEnd] of [
  ['that device', (device: ReturnType<typeof newDevice>) => [device]],
  ['all devices', () => undefined],
] as const) {
  test(`recipients: given a message that failed often and then waits no more for ${title}, when another one fails, then the delay is the first again`, async (t) => {
    const time = createTime(0);
    const [device, other] = [newDevice(), newDevice()];
    const retried: string[] = [];
    const recipients = createRecipients(time.schedule, (one) => retried.push(one));
    for (const waitMs of [1_000, 2_000, 4_000, 8_000]) {
      recipients.of(device).retries.failed('one');
      await time.pass(waitMs);
    }
    t.is(retried.length, 4);
    recipients.ended('one', toEnd(device));
    t.true(recipients.of(device).retries.failed('two'), 'it is reported as the first failure');
    t.true(recipients.of(other).retries.failed('two'));
    await time.pass(1_000);
    t.deepEqual(retried.slice(4).toSorted(), [device, other].toSorted());
  });
}
