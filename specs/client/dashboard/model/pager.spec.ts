import test from 'ava';
import type { PageMessage } from '../../../../client/chat/results.js';
import { Pager } from '../../../../client/dashboard/model/pager.js';
import { Timelines } from '../../../../client/dashboard/model/timelines.js';
import { themes } from '../../../../screen/paint/theme.js';
import { answer, FakeChat } from '../../../support/fake-chat.js';

const NOON = Date.UTC(2026, 10, 22, 12);

/** A chat whose history has `count` messages, one for each second. */
function withHistory(count: number) {
  const chat = new FakeChat();
  chat.history = async (label, wanted, before) => {
    chat.calls.push(['history', label, wanted, before]);
    const end = before === null || before === undefined ? count : Number(before.slice(1));
    const start = Math.max(0, end - wanted);
    const messages = Array.from(
      { length: end - start },
      (_, index): PageMessage => ({
        conversation: '#lobby',
        id: `m${start + index}`,
        from: index % 2 === 0 ? 'alice' : 'bob',
        text: `number ${start + index}`,
        spans: [{ style: 'BOLD', start: 0, end: 6 }],
        at: NOON + (start + index) * 1_000,
        reach: index === 0 ? { acked: 0, of: 1, refused: 0 } : null,
      }),
    );
    return answer(500, 'DONE', 'read', { messages });
  };
  const timelines = new Timelines(themes.dark, { now: () => NOON }, () => chat.username);
  return { chat, timelines, pager: new Pager(chat, timelines, () => undefined) };
}

const lobby = { id: 'r1', label: '#lobby', unread: 0, mentions: 0, muted: null, lastRead: null } as const;

test('pager: a window gets its first page once, and older pages before it', async (t) => {
  const { chat, timelines, pager } = withHistory(450);
  await pager.loadFirstPage(lobby);
  await pager.loadFirstPage(lobby);
  t.is(timelines.of('#lobby').length, 200);
  t.is(timelines.queued, 1, 'messages that nobody has yet');
  t.is(await pager.loadOlder('#lobby'), 'more');
  t.is(await pager.loadOlder('#lobby'), 'more');
  t.is(await pager.loadOlder('#lobby'), 'complete');
  t.is(timelines.of('#lobby').length, 450);
  t.deepEqual(
    chat.calls.map(([, , , before]) => before),
    [null, 'm250', 'm50'],
  );
  const [newest] = timelines.of('#lobby').newestFirst();
  t.like(newest, {
    author: 'bob',
    id: 'm449',
    body: { text: 'number 449', ranges: [{ style: 'BOLD', start: 0, end: 6 }] },
  });
});

test('pager: given a message that arrived before its page, then it is shown once, and an old message can be reached', async (t) => {
  const { timelines, pager } = withHistory(5_000);
  timelines.addMessage(
    {
      conversation: '#lobby',
      from: 'bob',
      id: 'm4999',
      text: 'number 4999',
      spans: [],
      link: 'tcp',
      at: NOON + 4_999_000,
    },
    true,
  );
  await pager.loadFirstPage({ ...lobby, unread: 400, lastRead: NOON + 4_598_000 });
  t.is(timelines.of('#lobby').length, 450);
  t.false(timelines.of('#lobby').has('m10'));
  t.true(await pager.loadUntil('#lobby', 'm10'));
  t.false(await pager.loadUntil('#lobby', 'never'));
  t.is(timelines.of('#lobby').length, 5_000);
  t.false(await pager.loadUntil('#gone', 'm10'));
});
