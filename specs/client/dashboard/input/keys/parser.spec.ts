import test from 'ava';
import * as fc from 'fast-check';
import { type InputEvent, InputParser } from '../../../../../client/dashboard/input/keys/parser.js';

const read = (text: string): readonly InputEvent[] => {
  const parser = new InputParser();
  return [...parser.read(text), ...parser.flush()];
};
const keys = (text: string): readonly string[] =>
  read(text).map((event) => (event.kind === 'key' ? event.key : event.kind));

test('keys: the sequences of terminals are parsed to named keys', (t) => {
  t.deepEqual(keys('\r\t\u007f\u0001\u001f'), ['enter', 'tab', 'backspace', 'C-a', 'C-_']);
  t.deepEqual(keys('\u001b[A\u001bOP\u001b[5~\u001b[1;3C\u001b[1;5D\u001b[1;2B'), [
    'up',
    'f1',
    'pageup',
    'M-right',
    'C-left',
    'S-down',
  ]);
  t.deepEqual(keys('\u001ba\u001b1\u001b\r\u001b\u007f'), ['M-a', 'M-1', 'M-enter', 'M-backspace']);
  t.deepEqual(keys('\u001b'), ['escape']);
  t.deepEqual(keys('\u001b\u001b[A'), ['escape', 'up']);
});

test('keys: text of any script is one event', (t) => {
  t.deepEqual(read('héllo 日本 👍🏽'), [{ kind: 'text', text: 'héllo 日本 👍🏽' }]);
});

test('keys: a paste is one event, and its control characters are not keys', (t) => {
  t.deepEqual(read('\u001b[200~a\rb\u001b[A\u001b[201~x'), [
    { kind: 'paste', text: 'a\rb\u001b[A' },
    { kind: 'text', text: 'x' },
  ]);
});

test('keys: several mouse reports in one chunk are all events', (t) => {
  t.deepEqual(read('\u001b[<0;3;4M\u001b[<0;3;4m\u001b[<64;1;1M\u001b[<2;1;1M'), [
    { kind: 'mouse', action: 'press', x: 2, y: 3 },
    { kind: 'mouse', action: 'release', x: 2, y: 3 },
    { kind: 'mouse', action: 'wheel-up', x: 0, y: 0 },
  ]);
});

test('keys: the division of input into chunks does not change the events', (t) => {
  const text = 'a\u001b[1;3C\u001b[200~x\ny\u001b[201~\u001bOP\u001b[<0;3;4M\r';
  const whole = read(text);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: text.length }), (sizes) => {
      const parser = new InputParser();
      const events: InputEvent[] = [];
      let rest = text;
      for (const size of sizes) {
        events.push(...parser.read(rest.slice(0, size)));
        rest = rest.slice(size);
      }
      return JSON.stringify(events) === JSON.stringify(whole);
    }),
  );
  t.pass();
});

test('keys: random input causes no error and no endless wait', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (noise) => {
      const parser = new InputParser();
      parser.read(noise);
      parser.read('\u001b[201~');
      parser.flush();
      return parser.read('ok').some((event) => event.kind === 'text' && event.text.endsWith('ok'));
    }),
  );
  t.pass();
});

test('keys: a paste without an end is limited in length', (t) => {
  const parser = new InputParser();
  parser.read('\u001b[200~');
  for (let chunk = 0; chunk < 40; chunk += 1) parser.read('x'.repeat(10_000));
  const [event] = parser.read('\u001b[201~');
  t.is(event?.kind === 'paste' && event.text.length, 262_144);
});
