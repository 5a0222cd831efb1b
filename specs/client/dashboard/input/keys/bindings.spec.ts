import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  bindingsWith,
  keyLabel,
  readBindings,
  defaultBindings,
} from '../../../../../client/dashboard/input/keys/bindings.js';
import { keyOf, legend, legendText } from '../../../../../client/dashboard/input/keys/legend.js';
import { OperatorError } from '../../../../../core/errors.js';
import { temporaryFolder } from '../../../../support/folder.js';

test('bindings: no default key has two actions', (t) => {
  const all = Object.values(defaultBindings).flatMap(({ keys }) => [...keys]);
  t.is(new Set(all).size, all.length);
});

test('bindings: a keys file replaces the keys of an action, and other actions lose those keys', async (t) => {
  const file = join(await temporaryFolder(t), 'keys.json');
  await writeFile(file, '{"next-unread": ["C-n", "M-n"]}');
  const bindings = await readBindings(file);
  t.is(bindings.actionOf('M-n'), 'next-unread');
  t.is(bindings.actionOf('C-n'), 'next-unread');
  t.is(bindings.actionOf('M-a'), undefined);
  t.deepEqual(bindings.keysOf('next-conversation'), ['M-down']);
});

test('bindings: given a keys file with wrong content, then an operator error names the problem', async (t) => {
  const file = join(await temporaryFolder(t), 'keys.json');
  await writeFile(file, '{"fly": ["C-n"]}');
  const error = await t.throwsAsync(readBindings(file), { instanceOf: OperatorError });
  t.regex(error.message, /fly/);
  await t.throwsAsync(readBindings(`${file}.none`), { instanceOf: OperatorError });
});

test('bindings: the label of a key is written as on a keyboard', (t) => {
  t.is(keyLabel('C-r'), 'Ctrl+R');
  t.is(keyLabel('M-left'), 'Alt+←');
  t.is(keyLabel('f1'), 'F1');
  t.is(keyLabel('M-enter'), 'Alt+Enter');
  t.deepEqual(bindingsWith({}).keysOf('help'), ['f1']);
});

test('bindings: the documentation lists exactly the actions, with their keys and descriptions', async (t) => {
  const page = await readFile('docs/reference/dashboard.md', 'utf8');
  const [, table = ''] = page.split('| action | keys | what it does |\n|---|---|---|\n');
  const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(.+?)` \| (.*?) \| (.+) \|$/gm)];
  const documented = rows.map(([, action, keys]) => [action, keys]);
  const actual = Object.entries(defaultBindings).map(([action, { keys }]) => [
    action,
    keys.map((key) => `\`${key}\``).join(' '),
  ]);
  t.deepEqual(documented, actual);
  for (const [action, { effect }] of Object.entries(defaultBindings)) {
    const description = rows.find((row) => row[1] === action)?.[3] ?? '';
    t.true(effect === '' ? description.length > 5 : description === effect, `${action}: ${description}`);
  }
});

test('legend: keys are shown as they are bound, and actions without a key are omitted', (t) => {
  const bindings = bindingsWith({ up: ['C-p'], enter: [], help: ['f9', 'f10'] });
  const legends = [legend('choose', 'up', 'down'), legend('run', 'enter'), legend('help', 'help')];
  t.is(legendText(legends, bindings), 'Ctrl+P ↓ choose · F9 help');
  t.is(keyOf('enter', bindings), null);
  t.is(keyOf('previous-conversation', bindings), 'Alt+↑');
});
