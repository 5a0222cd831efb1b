import test from 'ava';
import type { ListedLink, ListedMember, ListedPerson } from '../../../client/chat/results.js';
import { execute } from '../../../client/commands/execute.js';
import { parseLine } from '../../../client/commands/line.js';
import { type Reply, reply } from '../../../client/commands/reply.js';
import { inkFor } from '../../../client/plain/ink.js';
import { createTranscript } from '../../../client/plain/transcript.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { allOf } from '../commands/all-of.js';
import { answer, FakeChat } from '../../support/fake-chat.js';
import { NOON } from '../../support/terminals/plain-face.js';

const bare = createTranscript(inkFor(false), { now: () => NOON }, () => 'alice');

const list = (one: Reply) => bare.reply(one).slice(1);
const listed = <const T>(data: T) => answer(200, 'LISTED', 'Listed.', data);

test('lists: /unread and /mutes show tables', (t) => {
  const nothing = { id: 'c1', unread: 0, mentions: 0, muted: null, lastRead: null };
  t.deepEqual(
    list(
      reply(
        'unread',
        listed({
          conversations: [
            { ...nothing, label: '#lobby', unread: 3, mentions: 1 },
            { ...nothing, label: '@bob', muted: 'mentions' },
            { ...nothing, label: '#den', muted: 'all' },
          ],
        }),
      ),
    ),
    [
      '      | #lobby  3 new        1 mention',
      '      | @bob    nothing new             muted except for mentions',
      '      | #den    nothing new             muted',
    ],
  );
  t.deepEqual(
    list(
      reply(
        'mutes',
        listed({
          mutes: [
            { conversation: '#lobby', username: null, level: 'all', until: Date.UTC(2026, 10, 22, 14) },
            { conversation: '#lobby', username: 'bob', level: 'mentions', until: null },
          ],
        }),
      ),
    ),
    [
      '      | #lobby         muted                      until 2026-11-22 14:00',
      '      | bob in #lobby  muted except for mentions  until unmuted',
    ],
  );
});

test('lists: options have their value and their choices', (t) => {
  const options = [
    { name: 'theme', value: 'auto', choices: ['dark', 'auto'] },
    { name: 'ascii', value: 'off', choices: ['on', 'off'] },
  ];
  t.deepEqual(list(reply('options', listed({ options }))), [
    '      | theme  auto  choices: dark, auto',
    '      | ascii  off   choices: on, off',
  ]);
});

const person = (username: string): ListedPerson => ({
  account: accountIdSchema.parse(systemIds.next()),
  username,
  state: 'online',
  isYou: false,
  isVerified: false,
  rooms: [],
  carrier: null,
  isBlocked: false,
});

test('lists: people are aligned with their state, their link and the shared rooms', (t) => {
  t.deepEqual(
    list(
      reply(
        'people',
        listed({
          people: [
            { ...person('alice'), isYou: true },
            { ...person('bob'), state: 'dnd', isVerified: true, carrier: 'tcp', rooms: ['#lobby', '#den'] },
            { ...person('carol'), state: 'away', isBlocked: true },
            person('dave'),
          ],
        }),
      ),
    ),
    [
      '      | alice  online                    you',
      '      | bob    do not disturb, verified  link over tcp  in #lobby, #den',
      '      | carol  away                      blocked',
      '      | dave   online                    no link',
    ],
  );
});

test('lists: rooms show their members, whether they are joined or private, and the topic', (t) => {
  t.deepEqual(
    list(
      reply(
        'rooms',
        listed({
          rooms: [
            { name: 'lobby', memberCount: 12, topic: '日本 talk', isPrivate: false, isJoined: true },
            { name: 'den', memberCount: 1, topic: '', isPrivate: true, isJoined: false },
            { name: 'lab', memberCount: 2, topic: '', isPrivate: true, isJoined: true },
            { name: 'hall', memberCount: 3, topic: '', isPrivate: false, isJoined: false },
          ],
        }),
      ),
    ),
    [
      '      | #lobby  12 members  joined                    日本 talk',
      '      | #den    1 member    private, you are invited',
      '      | #lab    2 members   joined, private',
      '      | #hall   3 members',
    ],
  );
});

test('lists: links show the carrier, the round-trip time, the loss, the queue, the bytes, the age and the reason', (t) => {
  const link: ListedLink = {
    peer: 'bob',
    device: deviceIdSchema.parse('U'.padEnd(56, 'A')),
    carrier: 'tcp',
    choice: 'auto',
    isVerified: false,
    reason: 'reached directly',
    attempts: [],
    rttMs: 0.4321,
    loss: null,
    sentBytes: 1_500,
    receivedBytes: 2_500_000,
    queued: 0,
    ageMs: 12_000,
  };
  const none = { carrier: null, rttMs: null } as const;
  t.deepEqual(
    list(
      reply(
        'links',
        listed({
          links: [
            link,
            {
              ...link,
              peer: 'erin',
              carrier: 'udp',
              reason: 'punched',
              rttMs: 31,
              loss: 0.0216,
              ageMs: 250_000,
            },
            { ...link, ...none, peer: 'carol', reason: 'dialing', queued: 2 },
            {
              ...link,
              ...none,
              peer: 'dave',
              isVerified: true,
              choice: 'udp',
              reason: 'no answer',
              receivedBytes: 0,
            },
          ],
        }),
      ),
    ),
    [
      '      | bob              tcp                 0.4 ms  loss -     0 waiting, 2 kB out, 2.5 MB in  for 12 s   reached directly',
      '      | erin             udp                 31 ms   loss 2.2%  0 waiting, 2 kB out, 2.5 MB in  for 4 min  punched',
      '      | carol            no link                                2 waiting, 2 kB out, 2.5 MB in  for 12 s   dialing',
      '      | dave (verified)  no link (only udp)                     0 waiting, 2 kB out, 0 B in     for 12 s   no answer',
    ],
  );
});

test('lists: a reply without a list has only its sentence', (t) => {
  t.deepEqual(list(reply('opened', listed({ conversation: '#lobby' }))), []);
});

test('lists: /members shows why each admin leads, and the next admin', (t) => {
  const joinedAt = Date.UTC(2026, 10, 22, 11);
  const since = Date.UTC(2026, 10, 22, 11, 30);
  const member = { isAdmin: false, joinedAt, isOnline: true, leadership: null } as const;
  type Because = NonNullable<ListedMember['leadership']>['because'];
  const admin = (event: string, because: Because, by: string | null) => ({
    ...member,
    isAdmin: true,
    leadership: { event, because, by, since },
  });
  t.deepEqual(
    list(
      reply(
        'members',
        listed({
          members: [
            { ...admin('RoomCreated', null, 'alice'), username: 'alice' },
            { ...admin('AdminPromoted', null, 'alice'), username: 'bob', isOnline: false },
            { ...admin('AdminSucceeded', 'left', null), username: 'carol' },
            { ...admin('AdminSucceeded', 'steppedDown', null), username: 'dave' },
            { ...admin('AdminSucceeded', 'absent', null), username: 'erin' },
            { ...admin('AdminSucceeded', null, null), username: 'fred' },
            { ...member, username: 'gina' },
            { ...member, username: 'hugo' },
          ],
          nextLeader: 'gina',
        }),
      ),
    ),
    [
      '      | alice  online   since 2026-11-22 11:00  admin: created the room',
      '      | bob    offline  since 2026-11-22 11:00  admin since 2026-11-22 11:30: made admin by alice',
      '      | carol  online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: the last admin left',
      '      | dave   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: the last admin stepped down',
      '      | erin   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: all admins were away',
      '      | fred   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: next in line',
      '      | gina   online   since 2026-11-22 11:00  next admin',
      '      | hugo   online   since 2026-11-22 11:00',
    ],
  );
});

test('lists: /log shows when each event happened, what it was, and whether it is proved', (t) => {
  const at = Date.UTC(2026, 10, 22, 11);
  const event = {
    conversation: '#lobby',
    position: 9,
    version: 1,
    isTextHidden: false,
    isProved: true,
  } as const;
  const by = { username: 'bob', by: 'alice', reason: null, at } as const;
  const events = [
    { ...event, ...by, type: 'AdminPromoted' },
    { ...event, ...by, type: 'MemberRemoved', reason: 'spam', isProved: false },
    { ...event, ...by, type: 'MemberBanned', isTextHidden: true },
    { ...event, ...by, type: 'TopicChanged', isTextHidden: true },
    { ...event, ...by, type: 'TopicChanged', topic: 'tea' },
  ];
  t.deepEqual(list(reply('log', listed({ conversation: '#lobby', events, before: null }))), [
    '      | 2026-11-22 11:00  alice made bob admin                             proved',
    '      | 2026-11-22 11:00  bob was removed by alice (spam)                  NOT PROVED',
    '      | 2026-11-22 11:00  bob was banned by alice (text not shown to you)  proved',
    '      | 2026-11-22 11:00  alice changed the topic (text not shown to you)  proved',
    '      | 2026-11-22 11:00  alice set the topic: tea                         proved',
  ]);
});

test('lists: /help has a line for each command: usage and summary', async (t) => {
  const [help] = await allOf(execute(new FakeChat(), parseLine('/help')));
  const lines = help === undefined ? [] : bare.reply(help);
  t.true(lines.includes('      | /join ROOM: Join a room and open it.'));
});
