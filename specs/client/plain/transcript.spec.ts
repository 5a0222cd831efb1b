import test from 'ava';
import * as fc from 'fast-check';
import type { ChatMessage } from '../../../client/chat/events.js';
import { execute } from '../../../client/commands/execute.js';
import { parseLine } from '../../../client/commands/line.js';
import { inkFor } from '../../../client/plain/ink.js';
import { linkSentence, noticeSentence, sessionSentence } from '../../../client/plain/sentences.js';
import { createTranscript } from '../../../client/plain/transcript.js';
import { answer, FakeChat } from '../../support/fake-chat.js';

process.env['TZ'] = 'UTC';

const NOON = Date.UTC(2026, 10, 22, 12, 1);
const clock = { now: () => NOON };
const bare = createTranscript(inkFor({ hasColour: false, hasStyles: false }), clock);
const styled = createTranscript(inkFor({ hasColour: false, hasStyles: true }), clock);
const coloured = createTranscript(inkFor({ hasColour: true, hasStyles: true }), clock);

const hello: ChatMessage = {
  conversation: '#lobby',
  from: 'alice',
  id: 'x',
  text: 'hello world',
  spans: [{ style: 'BOLD', start: 6, end: 11 }],
  link: 'tcp',
  at: NOON,
};

const linked = (text: string, start: number, end: number, url: string) =>
  bare.message({ ...hello, text, spans: [{ style: 'HYPERLINK', start, end, url }] }, false)[0]?.slice(21);

const list = (data: Parameters<typeof answer>[3]) =>
  bare.outcome(answer(200, 'LISTED', 'Listed.', data)).slice(1);

test('transcript: a message has its time, its conversation, its author and its text', (t) => {
  t.deepEqual(bare.message(hello, false), ['12:01 #lobby <alice> hello world']);
  t.deepEqual(bare.message({ ...hello, conversation: '@bob', from: 'bob', text: 'psst', spans: [] }, false), [
    '12:01 @bob <bob> psst',
  ]);
});

test('transcript: a message of another day has its day', (t) => {
  t.deepEqual(bare.message({ ...hello, at: NOON - 86_400_000 }, false), [
    '2026-11-21 12:01 #lobby <alice> hello world',
  ]);
});

test('transcript: further lines of a message are marked where no line starts', (t) => {
  t.deepEqual(bare.message({ ...hello, text: 'one\n12:01 == two\n\nthree', spans: [] }, false), [
    '12:01 #lobby <alice> one',
    '      | 12:01 == two',
    '      | ',
    '      | three',
  ]);
});

test('transcript: a terminal shows bold and italic, also across lines; without one there is only the text', (t) => {
  const message: ChatMessage = {
    ...hello,
    text: 'a bc\nd e',
    spans: [
      { style: 'BOLD', start: 2, end: 6 },
      { style: 'ITALIC', start: 3, end: 4 },
    ],
  };
  t.deepEqual(styled.message(message, false), [
    '12:01 #lobby <alice> a \u001b[1mb\u001b[22m\u001b[1m\u001b[3mc\u001b[23m\u001b[22m',
    '      | \u001b[1md\u001b[22m e',
  ]);
  t.deepEqual(bare.message(message, false), ['12:01 #lobby <alice> a bc', '      | d e']);
});

test('transcript: a link is followed by its address unless it is its own label', (t) => {
  t.is(linked('see docs, ok', 4, 8, 'https://example.org/'), 'see docs <https://example.org/>, ok');
  t.is(linked('see https://a.org/', 4, 18, 'https://a.org/'), 'see https://a.org/');
  t.is(linked('bob@a.org', 0, 9, 'mailto:bob@a.org'), 'bob@a.org');
  t.is(linked('https://bank.org', 0, 16, 'https://evil.org/'), 'https://bank.org <https://evil.org/>');
});

test('transcript: a terminal has colour by kind, and every name its own', (t) => {
  t.deepEqual(coloured.message(hello, false), [
    '\u001b[90m12:01\u001b[39m \u001b[36m#lobby\u001b[39m <\u001b[92malice\u001b[39m> hello \u001b[1mworld\u001b[22m',
  ]);
  t.deepEqual(coloured.message({ ...hello, from: 'ALICE', spans: [] }, true), [
    '\u001b[90m12:01\u001b[39m \u001b[32m#lobby\u001b[39m <\u001b[92mALICE\u001b[39m> hello world',
  ]);
  t.deepEqual(coloured.message({ ...hello, conversation: '@bob', from: 'bob', spans: [] }, false), [
    '\u001b[90m12:01\u001b[39m \u001b[35m@bob\u001b[39m <\u001b[35mbob\u001b[39m> hello world',
  ]);
  t.deepEqual(coloured.note('notice', 'x'), ['\u001b[90m12:01\u001b[39m \u001b[90m-- x\u001b[39m']);
  t.deepEqual(coloured.note('system', 'x'), ['\u001b[90m12:01\u001b[39m \u001b[34m== x\u001b[39m']);
  t.deepEqual(coloured.note('error', 'x'), ['\u001b[90m12:01\u001b[39m \u001b[31m!! x\u001b[39m']);
});

test('transcript: a mention has a mark and a colour of its own, and stands out in its text', (t) => {
  const message = { ...hello, from: 'bob', text: 'hi @alice', spans: [] };
  const mentions = [{ start: 3, end: 9 }];
  t.deepEqual(bare.message(message, false, mentions), ['12:01 >> #lobby <bob> hi @alice']);
  t.deepEqual(coloured.message(message, false, mentions), [
    '\u001b[90m12:01\u001b[39m \u001b[33m>> #lobby\u001b[39m <\u001b[35mbob\u001b[39m> hi \u001b[1m@alice\u001b[22m',
  ]);
});

test('transcript: what is unread and what is muted are tables', (t) => {
  const nothing = { unread: 0, mentions: 0, muted: null, lastRead: null };
  t.deepEqual(
    list({
      conversations: [
        { ...nothing, conversation: '#lobby', unread: 3, mentions: 1 },
        { ...nothing, conversation: '@bob', muted: 'mentions' },
        { ...nothing, conversation: '#den', muted: 'all' },
      ],
    }),
    [
      '      | #lobby  3 new        1 mention',
      '      | @bob    nothing new             muted but for mentions',
      '      | #den    nothing new             muted',
    ],
  );
  t.deepEqual(
    list({
      mutes: [
        { conversation: '#lobby', user: null, level: 'all', until: '2026-11-22T14:00:00.000Z' },
        { conversation: '#lobby', user: 'bob', level: 'mentions', until: null },
      ],
    }),
    [
      '      | #lobby         muted                   until 2026-11-22 14:00',
      '      | bob in #lobby  muted but for mentions  for good',
    ],
  );
});

test('transcript: success, failure and what happened to others have marks of their own', (t) => {
  t.deepEqual(bare.outcome(answer(200, 'JOIN_S', 'You are a member of the room.')), [
    '12:01 == You are a member of the room.',
  ]);
  t.deepEqual(bare.outcome(answer(201, 'ROOM_NOT_FOUND', 'No open room has this name.')), [
    '12:01 !! No open room has this name.',
  ]);
  t.deepEqual(bare.note('notice', '#lobby bob joined'), ['12:01 -- #lobby bob joined']);
  t.deepEqual(bare.outcome(answer(400, 'MESSAGE_SENT', 'Accepted.', { id: 'x' })), []);
});

test('transcript: lists are aligned columns that speak for themselves', (t) => {
  t.deepEqual(
    list({
      people: [
        { username: 'alice', state: 'online', you: true, rooms: ['#lobby'], link: null, blocked: false },
        { username: 'bob', state: 'dnd', you: false, rooms: ['#lobby', '#den'], link: 'tcp', blocked: false },
        { username: 'carol', state: 'away', you: false, rooms: [], link: null, blocked: false },
        { username: 'dave', state: 'online', you: false, rooms: [], link: null, blocked: true },
      ],
    }),
    [
      '      | alice  online          you            in #lobby',
      '      | bob    do not disturb  link over tcp  in #lobby, #den',
      '      | carol  away            no link',
      '      | dave   online          blocked',
    ],
  );
  t.deepEqual(list({ blocks: [{ username: 'bob' }] }), ['      | bob']);
  t.deepEqual(
    list({
      rooms: [
        { name: 'lobby', members: 12, topic: '日本 talk', private: false, joined: true },
        { name: 'den', members: 1, topic: '', private: true, joined: false },
      ],
    }),
    ['      | #lobby  12 members  joined   日本 talk', '      | #den    1 member    private'],
  );
  t.deepEqual(
    list({
      members: [
        { username: 'alice', admin: true, joined: '2026-11-22T11:00:00.000Z', online: true },
        { username: 'bob', admin: false, joined: '2026-11-22T11:30:00.000Z', online: false },
      ],
      next: 'bob',
    }),
    [
      '      | alice  online   since 2026-11-22 11:00  admin',
      '      | bob    offline  since 2026-11-22 11:30  would lead next',
    ],
  );
  t.deepEqual(
    list({
      links: [
        { peer: 'bob', link: 'tcp', reason: 'reached directly', rttMs: 0.4321, queued: 0 },
        { peer: 'carol', link: null, reason: 'dialing', rttMs: null, queued: 2 },
      ],
    }),
    [
      '      | bob    tcp      0.4 ms  0 waiting  reached directly',
      '      | carol  no link          2 waiting  dialing',
    ],
  );
  t.deepEqual(list({ conversation: '#lobby' }), []);
});

test('transcript: /help is a table of usage and summary', async (t) => {
  const [help] = await execute(new FakeChat(), parseLine('/help'));
  const lines = help === undefined ? [] : bare.outcome(help);
  t.regex(lines.join('\n'), /^ {6}\| \/join ROOM {2,}Become a member of a room and talk in it\.$/m);
});

test('transcript: notices, links and the session in a few words', (t) => {
  const notice = { conversation: '#lobby', username: 'bob', by: 'bob', reason: null, at: NOON } as const;
  t.is(noticeSentence({ ...notice, type: 'MemberJoined' }), '#lobby bob joined');
  t.is(noticeSentence({ ...notice, type: 'MemberLeft', by: null }), '#lobby bob left');
  t.is(
    noticeSentence({ ...notice, type: 'AdminSucceeded', by: null, reason: 'the last admin left' }),
    '#lobby bob leads now (the last admin left)',
  );
  t.is(
    noticeSentence({ ...notice, type: 'MemberBanned', by: 'alice', reason: 'spam' }),
    '#lobby bob was banned by alice (spam)',
  );
  t.is(
    noticeSentence({ ...notice, type: 'RoomPainted', by: 'alice' }),
    '#lobby RoomPainted: bob by alice',
    'of a newer tracker',
  );
  t.is(
    noticeSentence({ ...notice, type: 'UsernameChanged', conversation: null, formerly: 'rob' }),
    'rob is now bob (formerly rob)',
  );
  t.is(
    noticeSentence({ ...notice, type: 'DeviceEnrolled', conversation: null }),
    'a device logged in as bob',
  );
  t.is(linkSentence({ peer: 'bob', link: 'tcp', state: 'open', reason: '' }), 'link to bob over tcp open');
  t.is(
    linkSentence({ peer: 'bob', link: 'tcp', state: 'closed', reason: 'wrong key' }),
    'link to bob over tcp closed (wrong key)',
  );
  t.is(linkSentence({ peer: 'bob', link: 'tcp', state: 'dialing', reason: '' }), null);
  t.is(sessionSentence({ state: 'online', reason: 'signed in' }, 'alice'), 'online as alice');
  t.regex(sessionSentence({ state: 'guest', reason: '' }, null), /\/register NAME PASSWORD.*\/help/);
});

test('transcript: whatever others send, every line is one line without control characters', (t) => {
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
        ...bare.message({ ...hello, from, text: body, conversation: `#${conversation}`, spans }, false),
        ...bare.outcome(answer(201, 'X', body, { blocks: [{ username: from }, { username: body }] })),
        ...bare.note(
          'notice',
          noticeSentence({
            type: from,
            conversation: null,
            username: body,
            by: from,
            reason: body,
            at: NOON,
          }),
        ),
      ];
      for (const line of lines)
        t.notRegex(line, /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      for (const line of lines) t.regex(line, /^(12:01 |      \| )/);
    }),
  );
});
