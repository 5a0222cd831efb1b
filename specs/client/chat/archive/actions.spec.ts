import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { reply } from '../../../../client/commands/reply.js';
import { rowsOf } from '../../../../client/wording/lists.js';
import { dataOf } from '../../../support/outcome.js';
import { createWorld } from '../support/world.js';

test('archive: given stored messages, then they can be listed, searched and exported, and an export overwrites no file', async (t) => {
  const world = await createWorld(t);
  const folder = mkdtempSync(join(tmpdir(), 'partyline-export-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const { chat } = await world.terminal('alice');
  t.regex((await chat.history(null, 5)).message, /No conversation is open/);
  await chat.create('lobby');
  t.like(await chat.history(null, 5), { status: 500, data: { messages: [] } });
  for (const line of ['one **cup**', 'two cups', 'tea']) await chat.say(null, line);
  const page = await chat.history('#Lobby', 2);
  t.like(page, { status: 500, message: 'Latest in #lobby: 2 messages.' });
  t.like(dataOf(page), {
    messages: [{ conversation: '#lobby', from: 'alice', text: 'two cups', spans: [] }, { text: 'tea' }],
  });
  t.deepEqual(
    rowsOf(reply('history', page)).map(([, conversation, said]) => [conversation, said]),
    [
      ['#lobby', '<alice> two cups'],
      ['#lobby', '<alice> tea'],
    ],
  );
  const [second] = dataOf(page).messages;
  t.deepEqual(second?.reach, { acked: 0, of: 0, refused: 0 }, 'complete: the room has no other member');
  t.like(await chat.history('#lobby', 5, second?.id ?? ''), { data: { messages: [{ text: 'one cup' }] } });
  t.deepEqual(dataOf(await chat.history('#lobby', 5, 'gone')), { messages: [] });
  t.like(await chat.history('#nowhere', 2), { status: 501, phrase: 'INVALID_COMMAND' });
  const found = await chat.search(['CUP']);
  t.like(found, { status: 500, message: '2 messages found.' });
  t.like(dataOf(found), {
    messages: [{ text: 'one cup', spans: [{ style: 'BOLD', start: 4, end: 7 }] }, { text: 'two cups' }],
  });

  const file = join(folder, 'lobby of mine.jsonl');
  t.like(await chat.export(null, file), { status: 500, data: { file, count: 3 } });
  t.is(statSync(file).mode & 0o777, 0o600);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => (JSON.parse(line) as { text: string }).text),
    ['one cup', 'two cups', 'tea'],
  );
  writeFileSync(file, 'precious');
  t.like(await chat.export('#lobby', file), { status: 501, phrase: 'INVALID_COMMAND' });
  t.is(readFileSync(file, 'utf8'), 'precious');
  t.like(await chat.export('#lobby', join(folder, 'none', 'x')), { status: 501, phrase: 'INVALID_COMMAND' });
});
