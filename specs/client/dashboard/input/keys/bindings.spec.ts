import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  bindingsWith,
  keyWords,
  readBindings,
  usualBindings,
} from '../../../../../client/dashboard/input/keys/bindings.js';
import { keyOf, legend, legendText } from '../../../../../client/dashboard/input/keys/legend.js';
import { OperatorError } from '../../../../../core/errors.js';
import { temporaryFolder } from '../../../../support/folder.js';

test('bindings: no usual key does two things', (t) => {
  const all = Object.values(usualBindings).flatMap(({ keys }) => [...keys]);
  t.is(new Set(all).size, all.length);
});

test('bindings: a file gives an action other keys, and takes them from what had them', async (t) => {
  const file = join(await temporaryFolder(t), 'keys.json');
  await writeFile(file, '{"next-unread": ["C-n", "M-n"]}');
  const bindings = await readBindings(file);
  t.is(bindings.actionOf('M-n'), 'next-unread');
  t.is(bindings.actionOf('C-n'), 'next-unread');
  t.is(bindings.actionOf('M-a'), undefined);
  t.deepEqual(bindings.keysOf('next-conversation'), ['M-down']);
});

test('bindings: a file that says something else is the operator’s to mend', async (t) => {
  const file = join(await temporaryFolder(t), 'keys.json');
  await writeFile(file, '{"fly": ["C-n"]}');
  const error = await t.throwsAsync(readBindings(file), { instanceOf: OperatorError });
  t.regex(error.message, /fly/);
  await t.throwsAsync(readBindings(`${file}.none`), { instanceOf: OperatorError });
});

test('bindings: keys are told as they stand on a keyboard', (t) => {
  t.is(keyWords('C-r'), 'Ctrl+R');
  t.is(keyWords('M-left'), 'Alt+←');
  t.is(keyWords('f1'), 'F1');
  t.is(keyWords('M-enter'), 'Alt+Enter');
  t.deepEqual(bindingsWith({}).keysOf('help'), ['f1']);
});

test('bindings: the documentation lists every action with its keys, and what it does, and no other', async (t) => {
  const page = await readFile('docs/dashboard.md', 'utf8');
  const [, table = ''] = page.split('| action | keys | what it does |\n|---|---|---|\n');
  const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(.+?)` \| (.*?) \| (.+) \|$/gm)];
  const documented = rows.map(([, action, keys]) => [action, keys]);
  const actual = Object.entries(usualBindings).map(([action, { keys }]) => [
    action,
    keys.map((key) => `\`${key}\``).join(' '),
  ]);
  t.deepEqual(documented, actual);
  for (const [action, { effect }] of Object.entries(usualBindings)) {
    const told = rows.find((row) => row[1] === action)?.[3] ?? '';
    t.true(effect === '' ? told.length > 5 : told === effect, `${action}: ${told}`);
  }
});

test('legend: keys are told as they are bound, and what has none is left out', (t) => {
  const bindings = bindingsWith({ up: ['C-p'], enter: [], help: ['f9', 'f10'] });
  const legends = [legend('choose', 'up', 'down'), legend('does it', 'enter'), legend('help', 'help')];
  t.is(legendText(legends, bindings), 'Ctrl+P ↓ choose · F9 help');
  t.is(keyOf('enter', bindings), null);
  t.is(keyOf('previous-conversation', bindings), 'Alt+↑');
});
