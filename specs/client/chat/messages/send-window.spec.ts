import test from 'ava';
import {
  createSendWindow,
  type SendWindow,
  type Outgoing,
  QUEUE_PLACES,
  WINDOW,
} from '../../../../client/chat/messages/send-window.js';
import { commandIdSchema } from '../../../../core/ids.js';
import { makeRequest } from '../../../../core/protocol/envelope.js';
import { conversationIdSchema } from '../../../../core/protocol/message/message.js';

const conversation = conversationIdSchema.parse('room-01ARZ3NDEKTSV4RRFFQ69G5FAV');
const commandOf = (at: number) => commandIdSchema.parse(String(at).padStart(26, '0'));

const outgoing = (at: number): Outgoing => ({
  progress: { id: `message ${at}`, position: at, conversation, acked: 0, of: 1, refused: 0 },
  request: makeRequest({ id: commandOf(at), title: 'MESSAGE', data: {} }),
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

test('send window: given an answered message, then it keeps its place until the answer is stored, and the next one may be sent', (t) => {
  const window = caughtUp();
  t.true(some(WINDOW + 1).every((one) => window.queue(one)));
  t.is(handAll(window), WINDOW);
  t.is(window.answered(commandOf(0))?.id, 'message 0');
  t.is(window.answered(commandOf(0)), undefined);
  t.is(window.next()?.progress.id, `message ${WINDOW}`, 'the next message may be sent');
  t.is(handAll(window), 1);
  t.true(window.holds('message 0'));
  t.is(window.reach(), QUEUE_PLACES + WINDOW + 1, 'all held messages and a full queue');
  window.settled('message 0');
  t.false(window.holds('message 0'));
  t.is(window.reach(), QUEUE_PLACES + WINDOW);
});

for (const [when, end] of [
  ['it is resumed', (window: SendWindow) => window.resume()],
  ['the link reopens', (window: SendWindow) => window.reopen()],
] as const) {
  test(`send window: given a deferred message, then it keeps its place until ${when}`, (t) => {
    const window = caughtUp();
    window.queue(outgoing(0));
    window.handed();
    window.answered(commandOf(0));
    window.defer('message 0');
    window.settled('message 0');
    t.true(window.holds('message 0'));
    end(window);
    t.false(window.holds('message 0'));
    t.false(window.isCaughtUp());
  });
}

test('send window: given a full queue, then it accepts no more messages and asks for more when half of its places are free', (t) => {
  const window = createSendWindow();
  t.true(window.wantsMore(), 'the disk was not read yet');
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

test('send window: given a message that does not fit during catch-up, then the window is not caught up', (t) => {
  const window = createSendWindow();
  const found = window.beginCatchUp();
  window.fallBehind();
  found(some(1), true);
  t.true(window.holds('message 0'));
  t.false(window.isCaughtUp());
  window.beginCatchUp()([], true);
  t.true(window.isCaughtUp());
});

test('send window: given a dropped queue, then messages found before the drop are not queued, and messages under way stay', (t) => {
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
