import { PassThrough, Readable } from 'node:stream';
import test from 'ava';
import * as fc from 'fast-check';
import { runJson } from '../../../client/json/face.js';
import { FakeChat } from '../../support/fake-chat.js';
import { startJsonFace as start } from '../../support/terminals/json-face.js';

test('json: invalid UTF-8, NUL bytes and ten megabytes without a line break each get a reply', async (t) => {
  const face = start(t);
  face.type(Buffer.from([0x68, 0xff, 0xfe, 0x0a]));
  face.type('a\0b\n');
  const block = Buffer.alloc(1024 * 1024, 'x');
  for (let megabyte = 0; megabyte < 10; megabyte += 1) face.type(block);
  face.type('\n/people\n');
  const [binary, nul, long, after] = await face.replied(4);
  t.like(binary, { line: 1, command: null, status: 401, phrase: 'INVALID_FORMAT' });
  t.like(nul, { line: 2, command: null, status: 400 });
  t.like(long, { line: 3, command: null, status: 401, phrase: 'INVALID_FORMAT' });
  t.like(after, { line: 4, command: '/people', status: 500 });
  t.deepEqual(face.chat.calls[0], ['say', null, 'ab']);
});

test('json: given any bytes in any chunks, then each line gets one reply', async (t) => {
  const chunks = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\n', '\r\n', '/', '/join', ' lobby\n', '/open ', '#', '//', 'é')
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(chunks, async (chunks) => {
      const face = start(t);
      for (const chunk of chunks) face.type(chunk);
      face.input.end();
      await face.ended;
      const lines = Buffer.concat(chunks).toString('latin1').split('\n');
      const expected = lines.length - (lines.at(-1) === '' ? 1 : 0);
      t.deepEqual(
        face.replies().map(({ line }) => line),
        Array.from({ length: expected }, (_, index) => index + 1),
      );
    }),
  );
});

test('json: an endless line is not held in memory', async (t) => {
  const block = Buffer.alloc(1024 * 1024, 'x');
  const before = process.memoryUsage().arrayBuffers;
  let left = 256;
  let most = before;
  const input = new Readable({
    read() {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      left -= 1;
      this.push(left > 0 ? Buffer.from(block) : null);
    },
  });
  await runJson({ chat: new FakeChat(), input, output: new PassThrough().resume() });
  t.true(most - before < 64 * 1024 * 1024, `${most - before} bytes`);
});

test('json: a character split between two chunks and a line split between many are read correctly', async (t) => {
  const face = start(t);
  for (const byte of Buffer.from('grüße 👋\n')) face.type(Buffer.from([byte]));
  await face.replied(1);
  t.deepEqual(face.chat.calls, [['say', null, 'grüße 👋']]);
});
