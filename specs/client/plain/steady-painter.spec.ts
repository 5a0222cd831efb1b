import test from 'ava';
import { createSteadyPainter } from '../../../client/plain/steady-painter.js';
import { FakeChat } from '../../support/fake-chat.js';
import { NOON, startPrompt } from '../../support/terminals/plain-face.js';
import { until } from '../../support/until.js';

const line = (before: string, after = '') => ({ before, after });
const heard = (text: string) =>
  ({ conversation: '#lobby', from: 'bob', id: 'b1', text, spans: [], link: 'tcp', at: NOON }) as const;

test('screen reader: a key writes its character only, and Backspace removes one', (t) => {
  const painter = createSteadyPainter();
  t.is(painter.paint(line('h')), 'h');
  t.is(painter.paint(line('he')), 'e');
  t.is(painter.paint(line('he')), '', 'nothing has changed');
  t.is(painter.paint(line('h')), '\b \b');
  t.is(painter.paint(line('h日')), '日');
  t.is(painter.paint(line('h')), '\b \b\b \b', 'a wide character takes two columns');
  t.is(painter.enter(line('hi'), false), 'i\n');
  t.is(painter.paint(line('n')), 'n', 'the next line starts empty');
});

test('screen reader: an event takes its own rows, and the typed text is not repeated', (t) => {
  const painter = createSteadyPainter();
  t.is(painter.print(['hello'], line('')), 'hello\n');
  painter.paint(line('half a '));
  t.is(painter.print(['one', 'two'], line('half a ')), '\none\ntwo\n');
  t.is(painter.print(['three'], line('half a ')), 'three\n');
  t.is(painter.paint(line('half a sentence')), 'sentence');
  t.is(painter.enter(line('half a sentence'), false), '\n');
});

test('screen reader: a change that cannot be appended writes the line once, in a row of its own', (t) => {
  const painter = createSteadyPainter();
  painter.paint(line('helo'));
  t.is(painter.paint(line('hel', 'o')), '', 'moving the cursor writes nothing');
  t.is(painter.paint(line('hell', 'o')), '\nhello');
  painter.print(['an event'], line('hello'));
  t.is(painter.paint(line('hell')), 'hell', 'the erased character is in another row');
  t.is(painter.repeat(line('hell')), '\nhell', 'Ctrl+L writes the line again');
});

test('screen reader: the plain face writes no prompt, moves no cursor and hides passwords', async (t) => {
  const face = startPrompt(t, { isForScreenReader: true, chat: FakeChat.guest() });
  face.type('/login alice open ses');
  await until(() => face.screen.written.includes('/login alice ********'), 'the masked line');
  await face.chat.events.emit('message', heard('hi'));
  await until(() => face.screen.written.includes('<bob> hi\n'), 'the event');
  face.type('ame\r');
  await until(() => face.chat.calls.length > 0, 'the login is asked for');
  t.deepEqual(face.chat.calls, [['login', 'alice', 'open sesame']]);
  await until(() => face.screen.written.includes('login done.\n'), 'the answer');
  t.notRegex(face.screen.written, /\r|\u001b\[(?:\d*[A-HJK])|^> |open ses/m);
});
