// Every slash command as a program uses it: the line typed into a real terminal, the reply, and the events at other
// terminals. The spec fails for a command without a case.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { commands } from '../../client/commands/table.js';
import { isSuccess } from '../../core/protocol/status.js';
import { PASSWORD } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';

const NAMES = ['alice', 'bob', 'carol', 'phone'] as const;
type Name = (typeof NAMES)[number];
type Fields = Readonly<Record<string, unknown>>;

/** The person, the line typed, the status and phrase of the reply, and the new output of each terminal. */
type Case = readonly [
  who: Name,
  line: string,
  status: number,
  phrase: string,
  told?: Readonly<Partial<Record<Name, Fields>>>,
];

const folder = mkdtempSync(join(tmpdir(), 'partyline-commands-'));
const exported = join(folder, 'alice.jsonl');
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const notice = (type: string, fields: Fields = {}): Fields => ({ event: 'notice', type, ...fields });
const inLobby = (type: string, fields: Fields = {}): Fields =>
  notice(type, { conversation: '#lobby', ...fields });

const accounts: readonly Case[] = [
  ['alice', `/register alice ${PASSWORD}`, 100, 'REGISTRATION_SUCCESSFUL'],
  ['alice', `/register alice ${PASSWORD}`, 101, 'ALREADY_LOGGED_IN'],
  ['bob', `/register ALICE ${PASSWORD}`, 101, 'USERNAME_TAKEN'],
  ['bob', '/register bob short', 101, 'PASSWORD_REFUSED'],
  ['bob', `/register bob ${PASSWORD}`, 100, 'REGISTRATION_SUCCESSFUL'],
  ['carol', `/register carol ${PASSWORD}`, 100, 'REGISTRATION_SUCCESSFUL'],
  ['carol', '/logout', 100, 'LOGOUT_SUCCESSFUL', { carol: { event: 'session', state: 'guest' } }],
  ['carol', '/logout', 101, 'NOT_LOGGED_IN'],
  ['carol', '/login carol wrong-horse-battery', 101, 'LOGIN_FAILED'],
  ['carol', `/login carol ${PASSWORD}`, 100, 'LOGIN_SUCCESSFUL'],
  [
    'phone',
    `/login carol ${PASSWORD}`,
    100,
    'LOGIN_SUCCESSFUL',
    { carol: notice('DeviceEnrolled', { conversation: null, username: 'carol' }) },
  ],
  ['carol', '/devices', 100, 'DEVICES_LISTED'],
  ['carol', '/devices revoke 3', 101, 'DEVICE_NOT_FOUND'],
  [
    'carol',
    '/devices revoke 2',
    100,
    'DEVICE_REVOKED',
    { carol: notice('DeviceRevoked', { username: 'carol' }), phone: { event: 'session', state: 'guest' } },
  ],
  ['carol', '/password wrong-horse-battery staple-correct', 101, 'WRONG_PASSWORD'],
  ['carol', `/password ${PASSWORD} staple-correct`, 100, 'PASSWORD_CHANGED'],
];

const rooms: readonly Case[] = [
  ['alice', '/rooms', 201, 'NO_AVAILABLE_CHAT_ROOM'],
  [
    'alice',
    '/create lobby',
    200,
    'CREATION_S',
    { alice: inLobby('RoomCreated', { username: 'alice', by: 'alice' }) },
  ],
  ['bob', '/create LOBBY', 201, 'CREATION_FAILURE'],
  ['alice', '/rooms', 200, 'ROOM_LISTED_S'],
  [
    'bob',
    '/join lobby',
    200,
    'JOIN_S',
    { alice: inLobby('MemberJoined', { username: 'bob', by: 'bob', reason: null }) },
  ],
  ['bob', '/join lobby', 201, 'JOIN_FAILURE'],
  ['bob', '/join attic', 201, 'JOIN_FAILURE'],
  ['carol', '/members lobby', 200, 'MEMBERS_LISTED_S'],
  ['carol', '/members attic', 201, 'ROOM_NOT_FOUND'],
  ['bob', '/log lobby', 200, 'LOG_LISTED_S'],
  ['carol', '/log lobby', 201, 'NOT_A_MEMBER'],
  ['alice', '/create den --private', 200, 'CREATION_S'],
  ['carol', '/join den', 201, 'JOIN_FAILURE'],
  ['alice', '/invite zoe', 201, 'USERNAME_NOT_FOUND'],
  [
    'alice',
    '/invite carol',
    200,
    'MEMBER_INVITED_S',
    { carol: notice('MemberInvited', { conversation: '#den', username: 'carol', by: 'alice' }) },
  ],
  ['carol', '/join den', 200, 'JOIN_S', { alice: notice('MemberJoined', { username: 'carol' }) }],
  [
    'carol',
    '/leave',
    200,
    'QUIT_S',
    { alice: notice('MemberLeft', { conversation: '#den', username: 'carol', by: 'carol', reason: null }) },
  ],
  ['carol', '/leave den', 201, 'NOT_A_MEMBER'],
  ['alice', '/leave den', 200, 'QUIT_S', { alice: notice('RoomClosed', { conversation: '#den' }) }],
  ['alice', '/open #attic', 201, 'NOT_A_MEMBER'],
  ['alice', '/open #lobby', 500, 'DONE'],
  ['alice', '/me', 401, 'INVALID_COMMAND'],
  [
    'alice',
    '/me makes **tea**',
    400,
    'MESSAGE_SENT',
    {
      bob: {
        event: 'message',
        from: 'alice',
        text: 'alice makes tea',
        spans: [
          { style: 'italic', start: 0, end: 15 },
          { style: 'bold', start: 12, end: 15 },
        ],
      },
    },
  ],
];

const moderation: readonly Case[] = [
  ['bob', '/topic mine', 201, 'NOT_ADMIN'],
  [
    'alice',
    '/topic Tea at five',
    200,
    'TOPIC_CHANGED_S',
    { bob: inLobby('TopicChanged', { topic: 'Tea at five', by: 'alice' }) },
  ],
  ['alice', '/successor carol', 201, 'USER_NOT_A_MEMBER'],
  [
    'alice',
    '/successor bob',
    200,
    'SUCCESSOR_NAMED_S',
    { bob: inLobby('SuccessorNamed', { username: 'bob', by: 'alice' }) },
  ],
  [
    'alice',
    '/promote bob',
    200,
    'ADMIN_PROMOTED_S',
    { bob: inLobby('AdminPromoted', { username: 'bob', by: 'alice' }) },
  ],
  ['alice', '/promote bob', 200, 'UNCHANGED_S'],
  ['alice', '/promote carol', 201, 'USER_NOT_A_MEMBER'],
  ['alice', '/successor bob', 201, 'ALREADY_ADMIN'],
  [
    'alice',
    '/demote bob',
    200,
    'ADMIN_DEMOTED_S',
    { bob: inLobby('AdminDemoted', { username: 'bob', by: 'alice' }) },
  ],
  ['alice', '/demote bob', 201, 'USER_NOT_ADMIN'],
  [
    'alice',
    '/remove bob be kind',
    200,
    'MEMBER_REMOVED_S',
    { bob: inLobby('MemberRemoved', { username: 'bob', by: 'alice', reason: 'be kind' }) },
  ],
  ['alice', '/remove bob', 201, 'USER_NOT_A_MEMBER'],
  ['bob', '/join lobby', 200, 'JOIN_S', { alice: inLobby('MemberJoined', { username: 'bob' }) }],
  [
    'alice',
    '/ban bob spam',
    200,
    'MEMBER_BANNED_S',
    { bob: inLobby('MemberBanned', { username: 'bob', by: 'alice', reason: 'spam' }) },
  ],
  ['alice', '/ban carol', 201, 'USER_NOT_A_MEMBER'],
  ['bob', '/join lobby', 201, 'JOIN_FAILURE'],
  [
    'alice',
    '/unban bob',
    200,
    'MEMBER_UNBANNED_S',
    { bob: inLobby('MemberUnbanned', { username: 'bob', by: 'alice' }) },
  ],
  ['alice', '/unban bob', 201, 'NOT_BANNED'],
  ['bob', '/join lobby', 200, 'JOIN_S', { alice: { event: 'link', peer: 'bob', state: 'open' } }],
];

const people: readonly Case[] = [
  ['alice', '/people', 300, 'PEOPLE_LISTED'],
  ['alice', '/msg zoe', 301, 'USERNAME_NOT_FOUND'],
  ['alice', '/msg zoe hello', 301, 'USERNAME_NOT_FOUND'],
  [
    'alice',
    '/msg bob psst',
    300,
    'PRIVATE_SESSION_INITIATED',
    { bob: { event: 'message', conversation: '@alice', from: 'alice', text: 'psst' } },
  ],
  ['bob', '/history @alice 5000', 501, 'INVALID_COMMAND'],
  ['bob', '/history @alice', 500, 'DONE'],
  ['bob', '/search ?', 501, 'INVALID_COMMAND'],
  ['bob', '/search PSST', 500, 'DONE'],
  ['bob', `/export @alice ${exported}`, 500, 'DONE'],
  ['bob', `/export @alice ${exported}`, 501, 'INVALID_COMMAND'],
  ['bob', '/retention please', 501, 'INVALID_COMMAND'],
  ['bob', '/retention', 500, 'DONE'],
  ['bob', '/unread', 500, 'DONE'],
  ['bob', '/mute #attic', 501, 'INVALID_COMMAND'],
  ['bob', '/mute #lobby mentions 2h', 500, 'DONE'],
  ['bob', '/mutes', 500, 'DONE'],
  ['bob', '/unmute #attic', 501, 'INVALID_COMMAND'],
  ['bob', '/unmute #lobby', 500, 'DONE'],
  ['bob', '/unmute #lobby', 501, 'NOT_MUTED'],
  ['bob', '/dnd maybe', 501, 'INVALID_COMMAND'],
  ['bob', '/dnd on', 500, 'DONE', { alice: { event: 'presence', username: 'bob', state: 'dnd' } }],
  ['bob', '/links', 500, 'DONE'],
  ['bob', '/link carrier-pigeon', 501, 'INVALID_COMMAND'],
  ['bob', '/link tcp @alice', 500, 'DONE'],
  ['bob', '/link auto @alice', 500, 'DONE'],
  ['bob', '/verify zoe', 301, 'INVALID_COMMAND'],
  ['bob', '/verify alice', 500, 'DONE'],
  ['bob', '/block zoe', 301, 'USERNAME_NOT_FOUND'],
  ['bob', '/block carol', 300, 'USER_BLOCKED'],
  ['bob', '/blocks', 300, 'BLOCKS_LISTED'],
  ['bob', '/unblock zoe', 301, 'USERNAME_NOT_FOUND'],
  ['bob', '/unblock carol', 300, 'USER_UNBLOCKED'],
  ['bob', '/unblock carol', 301, 'NOT_BLOCKED'],
  ['bob', '/privacy friends', 301, 'INVALID_COMMAND'],
  ['bob', '/privacy contacts', 300, 'PRIVACY_CHOSEN'],
  ['bob', '/privacy', 300, 'PRIVACY_TOLD'],
  ['bob', '/privacy open', 300, 'PRIVACY_CHOSEN'],
  ['bob', '/set', 501, 'INVALID_COMMAND'],
  ['bob', '/why', 500, 'DONE'],
  ['bob', '/help', 500, 'DONE'],
  ['bob', '/help jion', 501, 'INVALID_COMMAND'],
  ['alice', '/rename carol', 101, 'USERNAME_TAKEN'],
  [
    'bob',
    '/rename robert',
    100,
    'USERNAME_CHANGED',
    {
      alice: notice('UsernameChanged', {
        conversation: null,
        username: 'robert',
        formerly: 'bob',
        by: 'robert',
      }),
    },
  ],
  ['carol', '/quit', 500, 'DONE'],
];

const cases = [...accounts, ...rooms, ...moderation, ...people];
/** Commands that are never refused. */
const NEVER_REFUSED = new Set(['people', 'blocks', 'unread', 'mutes', 'links', 'why', 'quit']);
/** Commands that only the dashboard carries out. */
const DASHBOARD_ONLY: ReadonlySet<string> = new Set(['set']);

const nameIn = (line: string): string => /^\/(\w+)/.exec(line)?.[1] ?? '';
const namesOf = (some: readonly Case[]) =>
  [...new Set(some.map(([, line]) => nameIn(line)))].toSorted((one, other) => one.localeCompare(other));

test('commands: each has a successful case, and a refused one where a refusal is possible', (t) => {
  const all = commands.map(({ name }) => name).toSorted((one, other) => one.localeCompare(other));
  t.deepEqual(
    namesOf(cases.filter(([, , status]) => isSuccess(status))),
    all.filter((name) => !DASHBOARD_ONLY.has(name)),
  );
  t.deepEqual(
    namesOf(cases.filter(([, , status]) => !isSuccess(status))),
    all.filter((name) => !NEVER_REFUSED.has(name)),
  );
});

test('commands: each gets its reply and causes the events of the table', async (t) => {
  t.timeout(180_000);
  const stage = await openStage(t);
  const terminals: Partial<Record<Name, JsonTerminal>> = {};
  const terminalOf = (name: Name): JsonTerminal => (terminals[name] ??= stage.terminal(name));
  for (const [who, line, status, phrase, told = {}] of cases) {
    const before = new Map(NAMES.map((name) => [name, terminals[name]?.seen.length ?? 0]));
    const reply = await terminalOf(who).type(line);
    t.like(reply, { command: `/${nameIn(line)}`, status, phrase }, `${who}: ${line}`);
    t.true(reply.message.length > 0, line);
    for (const name of NAMES) {
      const fields = told[name];
      if (fields !== undefined)
        await terminalOf(name).expect(fields, `the effect of ${line}`, before.get(name));
    }
  }
});
