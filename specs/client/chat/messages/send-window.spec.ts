import test from 'ava';
import {
  createSendWindow,
  type SendWindow,
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

function caughtUp(): SendWindow {
  const window = createSendWindow();
  window.beginCatchUp()([], true);
  return window;
}

function handAll(window: SendWindow): number {
  let count = 0;
  for (; window.next() !== undefined; count += 1) window.handed();
  return count;
}

test('line: given a message that is answered, then it is held until that is on the disk, and looked past meanwhile', (t) => {
  const window = caughtUp();
  t.true(some(WINDOW + 1).every((one) => window.queue(one)));
  t.is(handAll(window), WINDOW);
  t.is(window.answered(commandOf(0))?.id, 'message 0');
  t.is(window.answered(commandOf(0)), undefined);
  t.is(window.next()?.progress.id, `message ${WINDOW}`, 'the next one may be handed');
  t.is(handAll(window), 1);
  t.true(window.holds('message 0'));
  t.is(window.reach(), QUEUE_PLACES + WINDOW + 1, 'all that is held, and as many as may be queued');
  window.settled('message 0');
  t.false(window.holds('message 0'));
  t.is(window.reach(), QUEUE_PLACES + WINDOW);
});

test('line: given a message that could not be taken, then it is held until the link opens anew', (t) => {
  const window = caughtUp();
  window.queue(outgoing(0));
  window.handed();
  window.answered(commandOf(0));
  window.defer('message 0');
  window.settled('message 0');
  t.true(window.holds('message 0'));
  window.reopen();
  t.false(window.holds('message 0'));
  t.false(window.isCaughtUp());
});

test('line: given more than it has places for, then it takes no more, and looks again when half of them are free', (t) => {
  const window = createSendWindow();
  t.true(window.wantsMore(), 'nobody has looked yet');
  window.beginCatchUp()(some(QUEUE_PLACES + 1), true);
  t.false(window.isCaughtUp());
  t.false(window.wantsMore());
  t.false(window.queue(outgoing(QUEUE_PLACES + 1)));
  for (let at = 0; at <= QUEUE_PLACES / 2; at += 1) {
    window.handed();
    window.answered(commandOf(at));
  }
  t.true(window.wantsMore());
});

test('line: given one that falls behind while it is being looked what waits, then it has not caught up', (t) => {
  const window = createSendWindow();
  const found = window.beginCatchUp();
  window.fallBehind();
  found(some(1), true);
  t.true(window.holds('message 0'));
  t.false(window.isCaughtUp());
  window.beginCatchUp()([], true);
  t.true(window.isCaughtUp());
});

test('line: given a queue that is dropped, then what was found before is not taken, and what is under way stays', (t) => {
  const window = caughtUp();
  some(2).every((one) => window.queue(one));
  window.handed();
  const found = window.beginCatchUp();
  window.drop();
  found(some(1, 2), true);
  t.deepEqual(
    [0, 1, 2].filter((at) => window.holds(`message ${at}`)),
    [0],
  );
  t.false(window.isCaughtUp());
  t.is(window.next(), undefined);
});
