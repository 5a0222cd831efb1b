import test from 'ava';
import { createLine, WINDOW } from '../../../client/chat/line.js';

test('line: given a message that is answered, then it is held until that is on the disk, and looked past meanwhile', (t) => {
  const line = createLine();
  for (let at = 0; at < WINDOW; at += 1) line.handed(`command ${at}`, `message ${at}`);
  t.is(line.room(), 0);
  t.is(line.answered('command 0'), 'message 0');
  t.is(line.answered('command 0'), undefined);
  t.is(line.room(), 1);
  t.true(line.holds('message 0'));
  t.is(line.reach(), WINDOW + 1, 'all that is held, and one that may be handed');
  line.settled('message 0');
  t.false(line.holds('message 0'));
  t.is(line.reach(), WINDOW);
});

test('line: given a message that could not be taken, then it is held until the link opens anew', (t) => {
  const line = createLine();
  line.handed('command', 'message');
  line.answered('command');
  line.defer('message');
  line.settled('message');
  t.true(line.holds('message'));
  t.is(line.reach(), WINDOW + 1);
  line.reopen();
  t.false(line.holds('message'));
});
