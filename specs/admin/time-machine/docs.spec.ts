// The page of the time machine has the keys of its table, and its commands are valid.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { keyRows } from '../../../admin/time-machine/keys.js';
import { fencesOf } from '../../support/fences.js';
import { run } from '../../support/processes/tracker-process.js';

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

test('time machine: every command of the page has valid arguments', async (t) => {
  const lines = fencesOf(await readFile(PAGE, 'utf8'))
    .filter(({ info }) => info === 'sh')
    .flatMap((fence) => fence.lines);
  t.true(lines.length > 2);
  for (const line of lines) {
    const [node, program, ...args] = (line.split('#')[0] ?? '').trim().split(/ +/);
    t.deepEqual([node, program], ['node', 'bin/partyline.js']);
    // Wrong usage is refused with another exit code, before the terminal is checked.
    const { code, errors } = await run(args);
    t.is(code, 1, line);
    t.regex(errors, /needs a terminal/, line);
  }
});

test('time machine: no key has two actions', (t) => {
  const keys = keyRows.flatMap(({ rows }) => rows.flatMap((row) => row.keys));
  t.deepEqual(keys, [...new Set(keys)]);
});
