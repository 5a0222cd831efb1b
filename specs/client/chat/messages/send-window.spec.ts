import test from 'ava';
import {
  createLine,
  type Line,
  type Outgoing,
  QUEUE_PLACES,
  WINDOW,
} from '../../../../client/chat/messages/send-window.js';
import { commandIdSchema } from '../../../../core/ids.js';
import { conversationIdSchema } from '../../../../core/protocol/message/message.js';

const conversation = conversationIdSchema.parse('room-01ARZ3NDEKTSV4RRFFQ69G5FAV');
const commandOf = (at: number) => commandIdSchema.parse(String(at).padStart(26, '0'));

const outgoing = (at: number): Outgoing => ({
  progress: { id: `message ${at}`, position: at, conversation, acked: 0, of: 1 },
  commandId: commandOf(at),
  bytes: Buffer.from(String(at)),
});
const some = (count: number, from = 0): readonly Outgoing[] =>
  Array.from({ length: count }, (_, at) => outgoing(from + at));

function caughtUp(): Line {
  const line = createLine();
  line.beginCatchUp()([], true);
  return line;
}

function handAll(line: Line): number {
  let count = 0;
  for (; line.next() !== undefined; count += 1) line.handed();
  return count;
}

test('line: given a message that is answered, then it is held until that is on the disk, and looked past meanwhile', (t) => {
  const line = caughtUp();
  t.true(some(WINDOW + 1).every((one) => line.queue(one)));
  t.is(handAll(line), WINDOW);
  t.is(line.answered(commandOf(0))?.id, 'message 0');
  t.is(line.answered(commandOf(0)), undefined);
  t.is(line.next()?.progress.id, `message ${WINDOW}`, 'the next one may be handed');
  t.is(handAll(line), 1);
  t.true(line.holds('message 0'));
  t.is(line.reach(), QUEUE_PLACES + WINDOW + 1, 'all that is held, and as many as may be queued');
  line.settled('message 0');
  t.false(line.holds('message 0'));
  t.is(line.reach(), QUEUE_PLACES + WINDOW);
});

test('line: given a message that could not be taken, then it is held until the link opens anew', (t) => {
  const line = caughtUp();
  line.queue(outgoing(0));
  line.handed();
  line.answered(commandOf(0));
  line.defer('message 0');
  line.settled('message 0');
  t.true(line.holds('message 0'));
  line.reopen();
  t.false(line.holds('message 0'));
  t.false(line.isCaughtUp());
});

test('line: given more than it has places for, then it takes no more, and looks again when half of them are free', (t) => {
  const line = createLine();
  t.true(line.wantsMore(), 'nobody has looked yet');
  line.beginCatchUp()(some(QUEUE_PLACES + 1), true);
  t.false(line.isCaughtUp());
  t.false(line.wantsMore());
  t.false(line.queue(outgoing(QUEUE_PLACES + 1)));
  for (let at = 0; at <= QUEUE_PLACES / 2; at += 1) {
    line.handed();
    line.answered(commandOf(at));
  }
  t.true(line.wantsMore());
});

test('line: given one that falls behind while it is being looked what waits, then it has not caught up', (t) => {
  const line = createLine();
  const found = line.beginCatchUp();
  line.fallBehind();
  found(some(1), true);
  t.true(line.holds('message 0'));
  t.false(line.isCaughtUp());
  line.beginCatchUp()([], true);
  t.true(line.isCaughtUp());
});

test('line: given a queue that is dropped, then what was found before is not taken, and what is under way stays', (t) => {
  const line = caughtUp();
  some(2).every((one) => line.queue(one));
  line.handed();
  const found = line.beginCatchUp();
  line.drop();
  found(some(1, 2), true);
  t.deepEqual(
    [0, 1, 2].filter((at) => line.holds(`message ${at}`)),
    [0],
  );
  t.false(line.isCaughtUp());
  t.is(line.next(), undefined);
});
