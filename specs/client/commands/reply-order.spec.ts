// The order of replies and events of one line: /msg with a text, in each face.
import test from 'ava';
import type { ChatActions } from '../../../client/chat/port.js';
import { answer, FakeChat } from '../../support/fake-chat.js';
import { openBoard } from '../../support/terminals/board.js';
import { startJsonFace } from '../../support/terminals/json-face.js';
import { startPlainFace } from '../../support/terminals/plain-face.js';
import { until } from '../../support/until.js';

const OPENED = 'You talk to bob in private now.';

/** A chat that opens the conversation with bob, and, like a real chat, reports each sent message before `say` resolves. */
function reportingChat() {
  const chat = Object.assign(new FakeChat(), { now: () => Date.now() });
  const opened = { conversation: '@bob' } as const;
  chat.startPrivate = async () => {
    chat.current = '@bob';
    return answer(300, 'PRIVATE_SESSION_INITIATED', OPENED, opened);
  };
  const say: ChatActions['say'] = async (label, text) => {
    const [conversation, id] = [label ?? '@bob', 'm1'];
    const message = { conversation, from: 'alice', id, text, spans: [], link: null, at: chat.now() };
    await chat.events.emit('said', message);
    const progress = { acked: 0, of: 1, refused: 0, refusal: null };
    await chat.events.emit('delivery', { id, conversation, state: 'queued', ...progress });
    return answer(400, 'MESSAGE_SENT', 'Accepted.', { id });
  };
  chat.say = say;
  return chat;
}

const follows = (text: string, first: string, second: string): boolean =>
  text.includes(first) && text.indexOf(first) < text.indexOf(second);

test('reply order: given /msg with a text, then the plain face shows that the conversation is open, then the message', async (t) => {
  const { type, screen } = startPlainFace(t, { chat: reportingChat() });
  type('/msg bob hello there\n');
  const text = (): string => screen.rows.join('\n');
  await until(() => text().includes('hello there'), 'the message is shown');
  t.true(follows(text(), OPENED, 'hello there'), text());
});

test('reply order: given /msg with a text, then the dashboard shows that the conversation is open, then the message', async (t) => {
  const chat = reportingChat();
  const board = openBoard(t, { chat });
  chat.now = () => board.time.now();
  await board.enter('/msg bob hello there');
  await until(async () => {
    await board.time.pass(0);
    return board.text().includes('hello there');
  }, 'the message is shown');
  t.true(follows(board.text(), OPENED, 'hello there'), board.text());
});

test('reply order: given /msg with a text, then the JSON face writes the reply about the conversation before the events of the message', async (t) => {
  const { type, replied, objects } = startJsonFace(t, reportingChat());
  type('/msg bob hello there\n');
  await replied(2);
  t.deepEqual(
    objects()
      .slice(1)
      .map(({ event, phrase, state }) => phrase ?? state ?? event),
    ['PRIVATE_SESSION_INITIATED', 'queued', 'MESSAGE_SENT'],
  );
});
