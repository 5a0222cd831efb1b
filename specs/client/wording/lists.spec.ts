import test from 'ava';
import { execute } from '../../../client/commands/execute.js';
import { parseLine } from '../../../client/commands/line.js';
import { inkFor } from '../../../client/plain/ink.js';
import { createTranscript } from '../../../client/plain/transcript.js';
import { answer, FakeChat } from '../../support/fake-chat.js';
import { NOON } from '../../support/terminals/plain-face.js';

process.env['TZ'] = 'UTC';

const bare = createTranscript(inkFor(false), { now: () => NOON }, () => 'alice');

const list = (data: Parameters<typeof answer>[3]) =>
  bare.outcome(answer(200, 'LISTED', 'Listed.', data)).slice(1);

test('lists: what is unread and what is muted are tables', (t) => {
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

test('lists: lists are aligned columns that speak for themselves', (t) => {
  t.deepEqual(
    list({
      people: [
        { username: 'alice', state: 'online' },
        { username: 'bob', state: 'online' },
      ],
    }),
    ['      | alice  online  no link', '      | bob    online  no link'],
  );
  t.deepEqual(
    list({
      rooms: [
        { name: 'lobby', members: 12, topic: '日本 talk', private: false, joined: true },
        { name: 'den', members: 1, topic: '', private: true, joined: false },
        { name: 'lab', members: 2, topic: '', private: true, joined: true },
        { name: 'hall', members: 3, topic: '', private: false, joined: false },
      ],
    }),
    [
      '      | #lobby  12 members  joined                    日本 talk',
      '      | #den    1 member    private, you are invited',
      '      | #lab    2 members   joined, private',
      '      | #hall   3 members',
    ],
  );
  t.deepEqual(
    list({
      links: [
        { peer: 'bob', link: 'tcp', reason: 'reached directly', rttMs: 0.4321, loss: null, queued: 0 },
        { peer: 'erin', link: 'udp', reason: 'punched', rttMs: 31, loss: 0.0216, queued: 0, ageMs: 250_000 },
        { peer: 'carol', link: null, reason: 'dialing', rttMs: null, queued: 2 },
        {
          peer: 'dave',
          link: null,
          choice: 'udp',
          reason: 'no answer',
          queued: 1,
          sentBytes: 12_345,
          receivedBytes: 0,
        },
      ],
    }),
    [
      '      | bob    tcp                 0.4 ms  loss -     0 waiting                                reached directly',
      '      | erin   udp                 31 ms   loss 2.2%  0 waiting                     for 4 min  punched',
      '      | carol  no link                                2 waiting                                dialing',
      '      | dave   no link (only udp)                     1 waiting, 12 kB out, 0 B in             no answer',
    ],
  );
  t.deepEqual(list({ conversation: '#lobby' }), []);
});

test('lists: /members says why each admin leads, and who would lead next', (t) => {
  const member = { admin: false, joined: '2026-11-22T11:00:00.000Z', online: true, leads: null };
  const since = '2026-11-22T11:30:00.000Z';
  const leads = (event: string, because: string | null, by: string | null) => ({
    ...member,
    admin: true,
    leads: { event, because, by, since },
  });
  t.deepEqual(
    list({
      members: [
        { ...leads('RoomCreated', null, 'alice'), username: 'alice' },
        { ...leads('AdminPromoted', null, 'alice'), username: 'bob', online: false },
        { ...leads('AdminSucceeded', 'left', null), username: 'carol' },
        { ...leads('AdminSucceeded', 'steppedDown', null), username: 'dave' },
        { ...leads('AdminSucceeded', 'absent', null), username: 'erin' },
        { ...leads('AdminSucceeded', 'a rule to come', null), username: 'fred' },
        { ...member, username: 'gina' },
        { ...member, username: 'hugo' },
      ],
      next: 'gina',
    }),
    [
      '      | alice  online   since 2026-11-22 11:00  admin: created the room',
      '      | bob    offline  since 2026-11-22 11:00  admin since 2026-11-22 11:30: made one by alice',
      '      | carol  online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: the last admin left',
      '      | dave   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: the last admin stepped down',
      '      | erin   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: all admins were away',
      '      | fred   online   since 2026-11-22 11:00  admin since 2026-11-22 11:30: next in line',
      '      | gina   online   since 2026-11-22 11:00  would lead next',
      '      | hugo   online   since 2026-11-22 11:00',
    ],
  );
});

test('lists: /help is a line for each command: usage and summary', async (t) => {
  const [help] = await execute(new FakeChat(), parseLine('/help'));
  const lines = help === undefined ? [] : bare.outcome(help);
  t.true(lines.includes('      | /join ROOM: Become a member of a room and talk in it.'));
});
