import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { createEmitter } from '../../core/emitter.js';

interface Events {
  opened: string;
  closed: number;
}

test('emitter: listeners run at once, in the order in which they were added', async (t) => {
  const emitter = createEmitter<Events>();
  const calls: string[] = [];
  emitter.on('opened', (name) => void calls.push(`first ${name}`));
  emitter.on('opened', (name) => void calls.push(`second ${name}`));
  emitter.on('closed', (code) => void calls.push(`closed ${code}`));
  const emitted = emitter.emit('opened', 'link');
  t.deepEqual(calls, ['first link', 'second link']);
  await emitted;
  await emitter.emit('closed', 1);
  t.deepEqual(calls.at(-1), 'closed 1');
});

test('emitter: emit resolves when every listener has finished', async (t) => {
  const emitter = createEmitter<Events>();
  const steps: string[] = [];
  emitter.on('opened', async () => {
    await nextTurn();
    steps.push('listener');
  });
  await emitter.emit('opened', 'link');
  steps.push('emitted');
  t.deepEqual(steps, ['listener', 'emitted']);
});

test('emitter: given a listener that throws, then the others run and emit rejects', async (t) => {
  const emitter = createEmitter<Events>();
  let calls = 0;
  emitter.on('opened', () => {
    throw new Error('broken');
  });
  emitter.on('opened', () => void (calls += 1));
  await t.throwsAsync(emitter.emit('opened', 'link'), { message: 'broken' });
  t.is(calls, 1);
});

test('emitter: a removed listener is not called', async (t) => {
  const emitter = createEmitter<Events>();
  const calls: string[] = [];
  const off = emitter.on('opened', (name) => void calls.push(name));
  off();
  await emitter.emit('opened', 'link');
  t.deepEqual(calls, []);
});
