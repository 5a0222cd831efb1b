// The JSON face on a fake chat, for specs that type lines and read objects.
import { PassThrough } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import { runJson } from '../../../client/json/face.js';
import { FakeChat } from '../fake-chat.js';
import { until } from '../until.js';

const objectSchema = z.looseObject({ event: z.string() });

/** `objects` returns the objects written so far. */
export function startJsonFace(t: ExecutionContext, chat: FakeChat = new FakeChat()) {
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  output.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const ended = runJson({ chat, input, output });
  t.teardown(() => input.destroy());
  const objects = () =>
    written
      .split('\n')
      .slice(0, -1)
      .map((line) => objectSchema.parse(JSON.parse(line)));
  const replies = () => objects().filter(({ event }) => event === 'reply');
  return {
    chat,
    input,
    output,
    ended,
    objects,
    replies,
    last: () => objects().at(-1),
    type: (text: string | Buffer) => input.write(text),
    replied: (count: number) => until(() => replies().length >= count && replies(), `${count} replies`),
  };
}
