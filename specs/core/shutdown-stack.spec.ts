import test from 'ava';
import { closeAndThrow, createShutdownStack } from '../../core/shutdown-stack.js';

function scene() {
  const shutdown = createShutdownStack();
  const ended: string[] = [];
  const add = (name: string, failure?: string): void =>
    shutdown.add(async () => {
      ended.push(name);
      if (failure !== undefined) throw new Error(failure);
    });
  return { shutdown, ended, add };
}

test('shutdown stack: the last entry added ends first', async (t) => {
  const { shutdown, ended, add } = scene();
  for (const name of ['home', 'broker', 'service']) add(name);
  await shutdown.close();
  t.deepEqual(ended, ['service', 'broker', 'home']);
});

test('shutdown stack: given one entry that fails, then the others still end, and the failure is reported afterwards', async (t) => {
  const { shutdown, ended, add } = scene();
  add('home');
  add('broker', 'it does not end');
  add('service');
  await t.throwsAsync(shutdown.close(), { message: 'it does not end' });
  t.deepEqual(ended, ['service', 'broker', 'home']);
});

test('shutdown stack: given several entries that fail, then the error names them all', async (t) => {
  const { shutdown, add } = scene();
  add('broker', 'it does not end');
  add('service', 'the disk is full');
  await t.throwsAsync(shutdown.close(), {
    instanceOf: AggregateError,
    message: 'the disk is full; it does not end',
  });
});

test('shutdown stack: given two concurrent calls, then everything ends once, and both calls wait for it', async (t) => {
  const { shutdown, ended, add } = scene();
  for (const name of ['home', 'broker']) add(name);
  const first = shutdown.close();
  await shutdown.close();
  t.deepEqual(ended, ['broker', 'home']);
  await first;
  await shutdown.close();
  t.is(ended.length, 2);
});

test('shutdown stack: given a failure and a close that fails too, then the failure is thrown and the error of the close is reported', async (t) => {
  const reported: unknown[] = [];
  const failure = new Error('the start failed');
  const second = new Error('the close failed');
  const closing = closeAndThrow(
    failure,
    () => Promise.reject(second),
    (error) => reported.push(error),
  );
  t.is(await t.throwsAsync(closing), failure);
  t.deepEqual(reported, [second]);
});
