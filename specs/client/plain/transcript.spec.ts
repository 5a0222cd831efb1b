import test from 'ava';
import * as fc from 'fast-check';
import type { ChatMessage, ChatNotice } from '../../../client/chat/events.js';
import { inkFor } from '../../../client/plain/ink.js';
import { createTranscript } from '../../../client/plain/transcript.js';
import { reply } from '../../../client/commands/reply.js';
import { answer, refusal } from '../../support/fake-chat.js';

const NOON = Date.UTC(2026, 10, 22, 12, 1);
const clock = { now: () => NOON };
const me = () => 'alice';
const bare = createTranscript(inkFor(false), clock, me);
const painted = createTranscript(inkFor(true), clock, me);

const hello: ChatMessage = {
  conversation: '#lobby',
  from: 'bob',
  id: 'x',
  text: 'hello world',
  spans: [{ style: 'BOLD', start: 6, end: 11 }],
  link: 'tcp',
  at: NOON,
};
const said = (text: string, where: Partial<ChatMessage> = {}): ChatMessage => ({
  ...hello,
  text,
  spans: [],
  ...where,
});
const removal: ChatNotice = {
  type: 'MemberRemoved',
  conversation: '#lobby',
  username: 'carol',
  by: 'bob',
  reason: 'spam',
  at: NOON,
};

/** Each kind of line without colour, where its mark identifies it, and with colour. E stands for the escape character. */
const kinds: readonly (readonly [
  kind: string,
  lines: (transcript: typeof bare) => readonly string[],
  bare: string,
  painted: string,
])[] = [
  [
    'a message in a room',
    (to) => to.message(said('hi')),
    '12:01 #lobby <bob> hi',
    'E[2m12:01E[22m E[36m#lobbyE[39m <E[32mbobE[39m> hi',
  ],
  [
    'a private message',
    (to) => to.message(said('hi', { conversation: '@bob' })),
    '12:01 @bob <bob> hi',
    'E[2m12:01E[22m E[35m@bobE[39m <E[32mbobE[39m> hi',
  ],
  [
    "one's own message",
    (to) => to.message(said('hi', { from: 'alice' })),
    '12:01 -> #lobby <alice> hi',
    'E[2m12:01E[22m E[32m-> #lobbyE[39m <E[36maliceE[39m> hi',
  ],
  [
    "one's own private message",
    (to) => to.message(said('hi', { from: 'alice', conversation: '@bob' })),
    '12:01 -> @bob <alice> hi',
    'E[2m12:01E[22m E[32m-> @bobE[39m <E[36maliceE[39m> hi',
  ],
  [
    'a mention',
    (to) => to.message(said('hi @alice')),
    '12:01 >> #lobby <bob> hi @alice',
    'E[2m12:01E[22m E[1mE[33m>> #lobbyE[39mE[22m <E[32mbobE[39m> hi E[1m@aliceE[22m',
  ],
  [
    'a notification',
    (to) => to.notice({ ...removal, username: 'alice' }),
    '12:01 ** #lobby you were removed by bob (spam)',
    'E[2m12:01E[22m E[33m**E[39m #lobby you were removed by bob (spam)',
  ],
  [
    'a notice',
    (to) => to.notice(removal),
    '12:01 -- #lobby carol was removed by bob (spam)',
    'E[2m12:01E[22m E[2m-- #lobby carol was removed by bob (spam)E[22m',
  ],
  [
    'an answer',
    (to) => to.reply(reply('done', answer(200, 'JOIN_S', 'You are in #lobby now.', null))),
    '12:01 == You are in #lobby now.',
    'E[2m12:01E[22m E[34m==E[39m You are in #lobby now.',
  ],
  [
    'a system line',
    (to) => to.note('system', 'online as alice'),
    '12:01 == online as alice',
    'E[2m12:01E[22m E[34m==E[39m online as alice',
  ],
  [
    'an error',
    (to) => to.reply(reply('done', refusal(201, 'ROOM_NOT_FOUND', 'No open room has this name.'))),
    '12:01 !! No open room has this name.',
    'E[2m12:01E[22m E[31m!! No open room has this name.E[39m',
  ],
];

for (const [kind, lines, plain, colourful] of kinds) {
  test(`transcript: ${kind} is "${plain}"`, (t) => {
    t.deepEqual(lines(bare), [plain]);
    t.deepEqual(lines(painted), [colourful.replaceAll('E[', '\u001b[')]);
  });
}

test('transcript: an accepted message has no reply line, because its event shows it', (t) => {
  t.deepEqual(bare.reply(reply('message', answer(400, 'MESSAGE_SENT', 'Accepted.', { id: 'x' }))), []);
});

test('transcript: no colour is bright or grey, which are unreadable on light or dark backgrounds', (t) => {
  const names = Array.from({ length: 50 }, (_, index) => `user${index}`);
  const lines = [
    ...kinds.flatMap(([, shown]) => shown(painted)),
    ...names.flatMap((from) => painted.message(said('hi', { from }))),
  ];
  const codes = new Set(lines.join('').match(/(?<=\u001b\[)\d+(?=m)/g));
  for (const code of ['1', '2', '22', '31', '32', '33', '34', '35', '36', '39']) codes.delete(code);
  t.deepEqual([...codes], []);
});

const linked = (text: string, start: number, end: number, url: string) =>
  bare.message(said(text, { spans: [{ style: 'HYPERLINK', start, end, url }] }))[0]?.slice(19);

test('transcript: a message of another day shows the date', (t) => {
  t.deepEqual(bare.message({ ...hello, at: NOON - 86_400_000 }), [
    '2026-11-21 12:01 #lobby <bob> hello world',
  ]);
});

test('transcript: further lines of a message have a mark in a column where no line starts', (t) => {
  t.deepEqual(bare.message(said('one\n12:01 == two\n\nthree')), [
    '12:01 #lobby <bob> one',
    '      | 12:01 == two',
    '      | ',
    '      | three',
  ]);
});

test('transcript: bold and italic are painted, also across lines, and left out without colour', (t) => {
  const message = said('a bc\nd e', {
    spans: [
      { style: 'BOLD', start: 2, end: 6 },
      { style: 'ITALIC', start: 3, end: 4 },
    ],
  });
  const [first, second] = painted.message(message);
  t.true(first?.endsWith('> a \u001b[1mb\u001b[22m\u001b[1m\u001b[3mc\u001b[23m\u001b[22m'));
  t.is(second, '\u001b[2m      | \u001b[22m\u001b[1md\u001b[22m e');
  t.deepEqual(bare.message(message), ['12:01 #lobby <bob> a bc', '      | d e']);
});

test('transcript: the address follows a link unless it equals the label', (t) => {
  t.is(linked('see docs, ok', 4, 8, 'https://example.org/'), 'see docs <https://example.org/>, ok');
  t.is(linked('see https://a.org/', 4, 18, 'https://a.org/'), 'see https://a.org/');
  t.is(linked('bob@a.org', 0, 9, 'mailto:bob@a.org'), 'bob@a.org');
  t.is(linked('https://bank.org', 0, 16, 'https://evil.org/'), 'https://bank.org <https://evil.org/>');
});

test('transcript: an action of the user is a notice, whatever the letter case of the name', (t) => {
  const own = { ...removal, type: 'MemberJoined', username: 'Alice', by: 'Alice', reason: null };
  t.deepEqual(bare.notice(own), ['12:01 -- #lobby you joined']);
  const closed = ['12:01 -- #lobby the room is closed: its last member has left'];
  t.deepEqual(bare.notice({ ...own, type: 'RoomClosed', by: null }), closed);
  t.deepEqual(bare.notice({ ...own, type: 'AdminSucceeded', by: null }), ['12:01 ** #lobby you lead now']);
});

test('transcript: given any text from others, then every line is one line without control characters', (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[2J', '\u202eabc', 'a\r\nb', '\u2028', '\u009b'),
  );
  const place = fc.nat(40);
  const span = fc
    .tuple(fc.constantFrom('BOLD' as const, 'ITALIC' as const), place, place)
    .map(([style, start, length]) => ({ style, start, end: start + length + 1 }));
  fc.assert(
    fc.property(text, text, text, fc.array(span, { maxLength: 5 }), (from, body, conversation, spans) => {
      const lines = [
        ...bare.message({ ...hello, from, text: body, conversation: `#${conversation}`, spans }),
        ...bare.reply(reply('revoked', refusal(201, 'X', body))),
        ...bare.reply(reply('blocks', answer(300, 'X', body, { blocks: [{ username: from }] }))),
        ...bare.notice({ type: from, conversation: null, username: body, by: from, reason: body, at: NOON }),
      ];
      for (const line of lines)
        t.notRegex(line, /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      for (const line of lines) t.regex(line, /^(12:01 |      \| )/);
    }),
  );
});
