import test from 'ava';
import { createEndings } from '../../core/shutdown-stack.js';

function scene() {
  const endings = createEndings();
  const ended: string[] = [];
  const add = (name: string, failure?: string): void =>
    endings.add(async () => {
      ended.push(name);
      if (failure !== undefined) throw new Error(failure);
    });
  return { endings, ended, add };
}

test('endings: the latest is ended first', async (t) => {
  const { endings, ended, add } = scene();
  for (const name of ['home', 'broker', 'service']) add(name);
  await endings.run();
  t.deepEqual(ended, ['service', 'broker', 'home']);
});

test('endings: given one that fails, then the others are ended all the same, and it says so in the end', async (t) => {
  const { endings, ended, add } = scene();
  add('home');
  add('broker', 'it does not end');
  add('service');
  await t.throwsAsync(endings.run(), { message: 'it does not end' });
  t.deepEqual(ended, ['service', 'broker', 'home']);
});

test('endings: given several that fail, then it names them all', async (t) => {
  const { endings, add } = scene();
  add('broker', 'it does not end');
  add('service', 'the disk is full');
  await t.throwsAsync(endings.run(), {
    instanceOf: AggregateError,
    message: 'the disk is full; it does not end',
  });
});

test('endings: given two who end it at once, then all is ended once, and both wait for it', async (t) => {
  const { endings, ended, add } = scene();
  for (const name of ['home', 'broker']) add(name);
  const first = endings.run();
  await endings.run();
  t.deepEqual(ended, ['broker', 'home']);
  await first;
  await endings.run();
  t.is(ended.length, 2);
});
