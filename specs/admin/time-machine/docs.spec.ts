// The page of the time machine has the keys of its table.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { keyRows } from '../../../admin/time-machine/keys.js';

const PAGE = new URL('../../../../docs/how-to/travel-through-the-log.md', import.meta.url);

test('time machine: the page lists every key with its effect, and no other', async (t) => {
  const page = await readFile(PAGE, 'utf8');
  const listed = page.split('\n').filter((line) => /^\| (`|\*\*)/.test(line));
  t.deepEqual(
    listed,
    keyRows.flatMap(({ title, rows }) => [
      `| **${title}** | |`,
      ...rows.map(({ keys, effect }) => `| ${keys.map((key) => `\`${key}\``).join(' ')} | ${effect} |`),
    ]),
  );
});

test('time machine: no key has two actions', (t) => {
  const keys = keyRows.flatMap(({ rows }) => rows.flatMap((row) => row.keys));
  t.deepEqual(keys, [...new Set(keys)]);
});
