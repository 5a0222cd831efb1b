import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { keyLabel } from '../../../../../screen/keys/label.js';
import {
  bindingsWith,
  readBindings,
  defaultBindings,
} from '../../../../../client/dashboard/input/keys/bindings.js';
import { keyOf, legend, legendText } from '../../../../../client/dashboard/input/keys/legend.js';
import { keyProblem } from '../../../../../client/dashboard/input/keys/possible-keys.js';
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

const KEYS: readonly (readonly [key: string, problem: string | null])[] = [
  ['C-q', null],
  ['M-x', null],
  ['M-X', null],
  ['M->', null],
  ['C-M-a', null],
  ['C-space', null],
  ['C-_', null],
  ['S-enter', null],
  ['C-M-S-left', null],
  ['f12', null],
  ['M-é', null],
  ['Q-x', 'no terminal sends it'],
  ['C-Q', 'a terminal sends C-q'],
  ['M-C-a', 'no terminal sends it'],
  ['C-i', 'a terminal sends tab'],
  ['C-[', 'a terminal sends escape'],
  ['C-/', 'a terminal sends C-_'],
  ['M-S-a', 'a terminal sends M-A'],
  ['F1', 'a terminal sends f1'],
  ['f99', 'no terminal sends it'],
  ['pgup', 'no terminal sends it'],
  ['q', 'it is text, which is typed and cannot be a key'],
  ['space', 'it is text, which is typed and cannot be a key'],
  ['C-\u0007', 'no terminal sends it'],
];
for (const [key, problem] of KEYS) {
  test(`bindings: ${JSON.stringify(key)} ${problem === null ? 'can be bound' : `is refused: ${problem}`}`, (t) => {
    t.is(keyProblem(key), problem);
  });
}

test('bindings: given a key that no terminal sends, then the error names it and the possible keys, and the action is not dead', async (t) => {
  const file = join(await temporaryFolder(t), 'keys.json');
  await writeFile(file, '{"quit": ["Q-x"]}');
  const error = await t.throwsAsync(readBindings(file), { instanceOf: OperatorError });
  t.regex(error.message, /"Q-x" cannot be bound: no terminal sends it[^]*quit/);
  t.regex(error.remedy, /such as C-q/);
});

test('bindings: given a file that cannot be read, then the error says so without a code', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [path, problem] of [
    [join(folder, 'none.json'), /cannot be used: there is no such file$/],
    [folder, /cannot be used: it is a folder$/],
  ] as const) {
    const error = await t.throwsAsync(readBindings(path), { instanceOf: OperatorError });
    t.regex(error.message, problem);
  }
});

test('bindings: a key with modifiers that only some terminals report acts like the key without them', (t) => {
  const bindings = bindingsWith({});
  t.is(bindings.actionOf('C-enter'), 'enter');
  t.is(bindings.actionOf('S-enter'), 'new-line');
  t.is(bindings.actionOf('M-S-enter'), 'new-line');
  t.is(bindings.actionOf('S-backspace'), 'erase-left');
  t.is(bindings.actionOf('C-M-backspace'), 'erase-word-left');
  t.is(bindings.actionOf('S-tab'), 'up');
  t.is(bindings.actionOf('S-left'), undefined);
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
