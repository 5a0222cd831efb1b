import test from 'ava';
import { createMailbox } from '../../../core/actor/mailbox.js';

/** A mailbox whose handler waits until it is released. */
function gated(capacity: number, together = 1) {
  const handled: number[] = [];
  const gates: (() => void)[] = [];
  const mailbox = createMailbox<number>({
    capacity,
    together,
    handle: (items) =>
      new Promise((resolve) => {
        handled.push(...items);
        gates.push(resolve);
      }),
  });
  const letGo = async () => {
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { mailbox, handled, letGo };
}

test('mailbox: items are handled one at a time, in order', async (t) => {
  const { mailbox, handled, letGo } = gated(10);
  t.deepEqual(
    [1, 2, 3].map((item) => mailbox.offer(item)),
    [true, true, true],
  );
  t.deepEqual(handled, [1]);
  await letGo();
  t.deepEqual(handled, [1, 2]);
  await letGo();
  t.deepEqual(handled, [1, 2, 3]);
});

test('mailbox: given a full mailbox, then it accepts nothing until there is room', async (t) => {
  const { mailbox, handled, letGo } = gated(2);
  t.deepEqual(
    [1, 2, 3, 4].map((item) => mailbox.offer(item)),
    [true, true, true, false],
  );
  await letGo();
  t.true(mailbox.offer(5));
  for (let n = 0; n < 4; n += 1) await letGo();
  t.deepEqual(handled, [1, 2, 3, 5]);
});

test('mailbox: waiting items are handled together, up to a limit', async (t) => {
  const { mailbox, handled, letGo } = gated(10, 3);
  for (const item of [1, 2, 3, 4, 5]) mailbox.offer(item);
  t.deepEqual(handled, [1]);
  await letGo();
  t.deepEqual(handled, [1, 2, 3, 4]);
  await letGo();
  t.deepEqual(handled, [1, 2, 3, 4, 5]);
});

test('mailbox: it is idle when nothing waits and nothing is in progress', async (t) => {
  const { mailbox, letGo } = gated(2);
  await mailbox.idle();
  mailbox.offer(1);
  t.false(mailbox.isIdle());
  const idle = mailbox.idle();
  await letGo();
  await idle;
  t.true(mailbox.isIdle());
});
