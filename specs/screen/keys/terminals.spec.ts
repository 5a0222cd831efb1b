import { readFile } from 'node:fs/promises';
import test from 'ava';
import type { InputEvent } from '../../../screen/keys/parser.js';
import { PacedInput } from '../../support/terminals/paced-input.js';

const ABSENT = '–';

const page = await readFile('docs/reference/dashboard.md', 'utf8');
const [head = '', , ...rows] = (/^\| terminal \|[^]*?(?=\n\n)/m.exec(page)?.[0] ?? '')
  .split('\n')
  .map(cellsOf);
const [, ...keys] = head;

function cellsOf(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
}

/** The bytes of a cell: `␛` is an escape, and `^` begins a control character. */
function bytesOf(cell: string): Buffer {
  const text = cell
    .replaceAll('␛', '\u001b')
    .replaceAll(/\^(.)/g, (_, letter: string) => String.fromCharCode(letter.charCodeAt(0) & 0x1f));
  return Buffer.from(text);
}

function read(cell: string): readonly InputEvent[] {
  const parser = new PacedInput();
  return [...parser.read(bytesOf(cell)), ...parser.pass(60)];
}

test('terminals: the documentation has a table with all terminals', (t) => {
  t.is(rows.length, 11);
  t.is(keys.length, 15);
});

for (const [terminal = '', ...cells] of rows) {
  test(`terminals: each key of ${terminal} in the documentation is understood`, (t) => {
    const sent = cells.flatMap((cell, index) => (cell === ABSENT ? [] : [[cell, keys[index]] as const]));
    t.true(sent.length > 8);
    for (const [cell, key = ''] of sent) t.deepEqual(read(cell), [{ kind: 'key', key }], cell);
  });
}

const REPORTS: readonly (readonly [what: string, cell: string, events: readonly InputEvent[]])[] = [
  ['a release of Ctrl+Q', '␛[113;5:3u', []],
  ['a repetition of Ctrl+Q', '␛[113;5:2u', [{ kind: 'key', key: 'C-q' }]],
  ['a release of an arrow', '␛[1;1:3A', []],
  ['a release of PgUp', '␛[5;1:3~', []],
  ['a release of Enter', '␛[13;1:3u', []],
  ['a modifier key', '␛[57441;2u', []],
  ['a letter', '␛[97u', [{ kind: 'text', text: 'a' }]],
  ['a capital letter', '␛[97:65;2u', [{ kind: 'text', text: 'A' }]],
  ['a letter with its text', '␛[97;2;65u', [{ kind: 'text', text: 'A' }]],
  ['a letter with Caps Lock and Num Lock', '␛[97;193u', [{ kind: 'text', text: 'a' }]],
  ['Alt+>', '␛[46:62;4u', [{ kind: 'key', key: 'M->' }]],
  ['Ctrl+C on a Cyrillic keyboard', '␛[1089::99;5u', [{ kind: 'key', key: 'C-c' }]],
  ['Ctrl+Shift+Q', '␛[113:81;6u', [{ kind: 'key', key: 'C-q' }]],
  ['Ctrl+_', '␛[45:95;6u', [{ kind: 'key', key: 'C-_' }]],
  ['Ctrl+I', '␛[105;5u', [{ kind: 'key', key: 'tab' }]],
  ['Super+Q', '␛[113;9u', []],
  ['Enter of the keypad', '␛[57414u', [{ kind: 'key', key: 'enter' }]],
  ['7 of the keypad', '␛[57406u', [{ kind: 'text', text: '7' }]],
  ['7 of the keypad in application mode', '␛Ow', [{ kind: 'text', text: '7' }]],
  ['a volume key', '␛[57438u', []],
  ['Ctrl+Alt+A', '␛[97;7u', [{ kind: 'key', key: 'C-M-a' }]],
  ['Shift+End of rxvt', '␛[8$', [{ kind: 'key', key: 'S-end' }]],
  ['Ctrl+PgDn of rxvt', '␛[6^', [{ kind: 'key', key: 'C-pagedown' }]],
  ['Ctrl+Shift+Del of rxvt', '␛[3@', [{ kind: 'key', key: 'C-S-delete' }]],
  ['Shift+F3 of xterm', '␛[1;2R', [{ kind: 'key', key: 'S-f3' }]],
  ['F3 of xterm', '␛OR', [{ kind: 'key', key: 'f3' }]],
  ['Ctrl+F3 in the SS3 form', '␛O5R', [{ kind: 'key', key: 'C-f3' }]],
  ['a cursor report in column 1', '␛[5;1R', [{ kind: 'report', introducer: 'CSI', text: '5;1R' }]],
];
for (const [what, cell, events] of REPORTS) {
  test(`terminals: ${what} is ${JSON.stringify(events.map((event) => ('key' in event ? event.key : event.kind)))}`, (t) => {
    t.deepEqual(read(cell), events);
  });
}
