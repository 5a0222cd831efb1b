import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  bindingsWith,
  keyWords,
  readBindings,
  usualBindings,
} from '../../../../client/dashboard/keys/bindings.js';
import { OperatorError } from '../../../../core/errors.js';
import { temporaryFolder } from '../../../support/folder.js';

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

test('bindings: the documentation lists every action with its keys', async (t) => {
  const page = await readFile('docs/dashboard.md', 'utf8');
  for (const [action, { keys }] of Object.entries(usualBindings)) {
    t.true(page.includes(`| \`${action}\` | ${keys.map((key) => `\`${key}\``).join(' ')} |`), action);
  }
});
