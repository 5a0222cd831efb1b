import test from 'ava';
import { createRetries, type Retries } from '../../../../client/chat/messages/retries.js';
import { createTime, type Time } from '../../../support/time.js';

interface Case {
  readonly time: Time;
  readonly retries: Retries;
  /** The seconds after which each retry came. */
  readonly at: readonly number[];
}

function start(isTaken: (retry: number) => boolean = () => false): Case {
  const time = createTime(0);
  const at: number[] = [];
  const retries = createRetries(time.schedule, () => {
    at.push(time.now() / 1_000);
    if (isTaken(at.length)) retries.ended('one');
    else retries.failed('one');
  });
  return { time, retries, at };
}

test('retries: given a message that fails again and again, then it is sent again after 1, 2, 4 … s, at most 60 s apart', async (t) => {
  const { time, retries, at } = start();
  t.true(retries.failed('one'));
  t.false(retries.failed('two'), 'only the first one is reported');
  await time.pass(250_000);
  t.deepEqual(at, [1, 3, 7, 15, 31, 63, 123, 183, 243]);
});

test('retries: given a device that has taken all messages, when another one fails, then the delay is the first again', async (t) => {
  const { time, retries, at } = start((retry) => retry === 3);
  retries.failed('one');
  await time.pass(10_000);
  t.deepEqual(at, [1, 3, 7]);
  t.true(retries.failed('two'));
  await time.pass(1_000);
  t.deepEqual(at, [1, 3, 7, 11]);
});

test('retries: given one message that always fails among others that are taken, then its delay still grows', async (t) => {
  const { time, retries, at } = start();
  retries.failed('one');
  for (let second = 0; second < 16; second += 1) {
    retries.ended(`other ${second}`);
    await time.pass(1_000);
  }
  t.deepEqual(at, [1, 3, 7, 15]);
});

test('retries: given a scheduled retry, when it is cleared, then nothing is sent again', async (t) => {
  const { time, retries, at } = start();
  retries.failed('one');
  retries.clear();
  await time.pass(120_000);
  t.deepEqual(at, []);
  t.is(time.pending(), 0);
});
