import test from 'ava';
import { KeyboardModes } from '../../../screen/terminal/keyboard-modes.js';

const ON = '\u001b[>5u\u001b[?4m\u001b[>4;1m\u001b[0m';
const answer = (text: string) => ({ kind: 'report', introducer: 'CSI', text }) as const;

test('keyboard modes: they are put back once, and to their initial state if the terminal does not say how it found them', (t) => {
  const modes = new KeyboardModes('xterm-256color');
  t.is(modes.off(), '');
  t.is(modes.on(), ON);
  t.is(modes.off(), '\u001b[<u\u001b[>4m\u001b[0m');
  t.is(modes.off(), '');
});

test('keyboard modes: a level that another program left on is put back, also after a second time', (t) => {
  const modes = new KeyboardModes('xterm');
  modes.on();
  modes.note(answer('>4;2m'));
  // Later answers are ignored: they report the level that this program itself has set.
  modes.note(answer('>4;1m'));
  t.is(modes.off(), '\u001b[<u\u001b[>4;2m\u001b[0m');
  t.is(modes.on(), ON);
  modes.note(answer('>4;0m'));
  t.is(modes.off(), '\u001b[<u\u001b[>4;0m\u001b[0m');
});

test('keyboard modes: given a stop without a restoration, then resuming does not push a second time', (t) => {
  const modes = new KeyboardModes('xterm');
  modes.on();
  t.is(modes.on(), '\u001b[=5u\u001b[>4;1m\u001b[0m');
});

test('keyboard modes: the Linux console, which would show the requests, gets none', (t) => {
  const modes = new KeyboardModes('linux');
  t.is(modes.on() + modes.off(), '');
});
