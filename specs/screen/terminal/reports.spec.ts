import test from 'ava';
import { PacedInput } from '../../support/terminals/paced-input.js';
import { type Report, reportOf } from '../../../screen/terminal/reports.js';

const cases: readonly (readonly [input: string, ...reports: readonly Report[]])[] = [
  ['\u001b[2;3R', { kind: 'cursor', x: 2, y: 1 }],
  ['\u001b[12;140R', { kind: 'cursor', x: 139, y: 11 }],
  ['\u001b[?62;22c', { kind: 'attributes' }],
  ['\u001b]11;rgb:ffff/0000/8080\u001b\\', { kind: 'background', red: 1, green: 0, blue: 0x8080 / 0xffff }],
  ['\u001b]11;rgb:ff/ff/00\u0007', { kind: 'background', red: 1, green: 1, blue: 0 }],
  ['\u001b]11;rgba:0/f/0/f\u0007', { kind: 'background', red: 0, green: 1, blue: 0 }],
  ['a\u001b[2;3Rb', { kind: 'cursor', x: 2, y: 1 }],
  // Shift and F3, and reports that are not asked for.
  ['\u001b[1;2R'],
  ['\u001b]10;rgb:ff/ff/00\u0007'],
  ['\u001b]11;red\u0007'],
  ['\u001bP11;rgb:0/0/0\u001b\\'],
  ['\u001b[>1;2;3c'],
];

test('reports: the answers of a terminal are recognised, however they are cut', (t) => {
  for (const [input, ...reports] of cases) {
    for (let cut = 0; cut <= input.length; cut += 1) {
      const parser = new PacedInput();
      const events = [input.slice(0, cut), input.slice(cut)].flatMap((part) => parser.read(part));
      const found = events.flatMap((event) => (event.kind === 'report' ? (reportOf(event) ?? []) : []));
      t.deepEqual(found, reports, JSON.stringify([input, cut]));
    }
  }
});
