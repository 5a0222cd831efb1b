import test from 'ava';
import * as fc from 'fast-check';
import { LINE_MAX_BYTES, parseLine, secretStart } from '../../../client/commands/line.js';
import { commands } from '../../../client/commands/table.js';

const misused = (line: string) => {
  const parsed = parseLine(line);
  return parsed.kind === 'refusal' ? parsed : undefined;
};

test('line: given any text, then it is a command, a message, an empty line, or a refusal with an odd status and a sentence', (t) => {
  const names = fc.constantFrom(
    ...commands.map((one) => `/${one.name}`),
    '/',
    '//',
    '/jion',
    ' /msg',
    '/MSG',
  );
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('--tcp', '#', '@', 'bob'),
  );
  const lines = fc.oneof(
    noise,
    fc.array(fc.oneof(names, noise), { maxLength: 6 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(lines, (line) => {
      const parsed = parseLine(line);
      secretStart(line);
      if (parsed.kind === 'refusal') {
        t.is(parsed.refusal.status % 2, 1);
        t.regex(parsed.refusal.message, /^\S.*\S$/);
        t.notRegex(parsed.refusal.message, /[\u0000-\u001f\u007f-\u009f]/);
      }
      if (parsed.kind === 'message') t.not(parsed.text.trim(), '');
    }),
    { numRuns: 2_000 },
  );
});

const wrongUses: readonly (readonly [line: string, status: number, says: RegExp])[] = [
  ['/register', 101, /The name and the password are missing\. Write \/register NAME PASSWORD, for example: /],
  ['/register alice', 101, /The password is missing/],
  ['/register al password1', 101, /"al" is not a valid name: A username must have at least 3 characters\./],
  ['/register 1alice password1', 101, /start with a letter/],
  ['/register #alice password1', 101, /"#alice" is a room, not a person\./],
  ['/register alice pass\u0007word', 101, /must not contain control characters/],
  ['/login', 101, /Write \/login NAME PASSWORD/],
  ['/login alice', 101, /The password is missing/],
  ['/login al!ce password1', 101, /letters, digits/],
  ['/rename', 101, /The new name is missing\. Write \/rename NAME, for example: \/rename alicia$/],
  ['/rename a b', 101, /"b" is unexpected/],
  ['/rename 1st', 101, /start with a letter/],
  ['/password', 101, /The old and the new password are missing\. Write \/password OLD NEW/],
  ['/password one', 101, /Give the old and the new password/],
  ['/password one two three', 101, /Give the old and the new password\. If a password has spaces/],
  ['/password one "two', 101, /Give the old and the new password/],
  ['/devices all', 101, /\/devices has no action "all"\. Write \/devices \[revoke NAME\|NUMBER\]/],
  ['/devices revoke', 101, /The name or the number of the terminal is missing/],
  ['/logout now', 101, /This command takes no arguments: "now"\. Write \/logout$/],
  ['/people all', 301, /Write \/people$/],
  ['/rooms all', 201, /Write \/rooms$/],
  [
    '/create',
    201,
    /The room's name is missing\. Write \/create ROOM \[--private\], for example: \/create lobby$/,
  ],
  ['/create two words', 201, /"words" is unexpected/],
  ['/create caf\u00e9', 201, /letters, digits/],
  [`/create ${'x'.repeat(33)}`, 201, /at most 32 characters/],
  ['/create den --secret', 201, /There is no option "--secret"/],
  ['/invite', 201, /The name of the person is missing\. Write \/invite USER, for example: \/invite bob$/],
  ['/invite bob carol', 201, /"carol" is unexpected/],
  ['/remove', 201, /The name of the person is missing\. Write \/remove USER \[REASON\]/],
  ['/remove #lobby', 201, /"#lobby" is a room, not a person/],
  [`/ban bob ${'x'.repeat(201)}`, 201, /The reason is longer than 200 characters/],
  ['/unban b', 201, /at least 3 characters/],
  ['/promote', 201, /Write \/promote USER/],
  ['/demote', 201, /Write \/demote USER/],
  ['/successor', 201, /Write \/successor USER/],
  [`/topic ${'x'.repeat(201)}`, 201, /The topic is longer than 200 characters/],
  ['/join', 201, /\/join ROOM, for example: \/join lobby$/],
  ['/join @bob', 201, /"@bob" is a person, not a room\./],
  ['/join #', 201, /at least 1 character/],
  ['/join ##lobby', 201, /letters, digits/],
  ['/join lob\u0000by', 201, /must not contain control characters/],
  ['/leave a b', 201, /Write \/leave \[ROOM\]/],
  ['/leave @bob', 201, /not a room/],
  ['/members a b', 201, /Write \/members \[ROOM\]/],
  ['/members a.b', 201, /letters, digits/],
  ['/log a b', 201, /one whole number.*Write \/log \[ROOM \[BEFORE\]\]/],
  ['/log a 0', 201, /one whole number/],
  ['/log a 1 2', 201, /one whole number/],
  ['/log @bob', 201, /not a room/],
  [
    '/msg',
    301,
    /The name of the person is missing\. Write \/msg \[--auto\|--tcp\|--udp\|--relay\] USER \[TEXT\]/,
  ],
  ['/msg --tcp', 301, /The name of the person is missing/],
  ['/msg --smoke bob', 301, /There is no option "--smoke"\./],
  ['/msg --udp --tcp bob hi', 301, /Only one carrier/],
  ['/msg --udp bob --tcp hi', 301, /Only one carrier/],
  ['/verify', 301, /The name of the person is missing/],
  ['/verify bob maybe', 301, /Type "ok" to confirm, not "maybe"\./],
  ['/link', 501, /The carrier is missing/],
  ['/link smoke', 501, /is not a carrier: use auto, tcp, udp or relay/],
  ['/link tcp #lobby now', 501, /is unexpected/],
  ['/msg #lobby hi', 301, /is a room, not a person/],
  ['/msg b hi', 301, /at least 3 characters/],
  ['/me', 401, /The text is missing\. Write \/me TEXT, for example: \/me waves/],
  ['/open', 501, /The conversation is missing: #room or @user\. Write \/open CONVERSATION/],
  ['/open #a b', 501, /is unexpected/],
  ['/open #!', 501, /letters, digits/],
  ['/open @2', 501, /username/],
  ['/history twenty', 501, /"twenty" is neither a conversation \(.*\) nor a number .* from 1 to 1000\./],
  [
    '/history #lobby 0',
    501,
    /a number of messages from 1 to 1000\. Write \/history \[CONVERSATION\] \[COUNT\]/,
  ],
  ['/history #lobby 5 6', 501, /"6" is unexpected/],
  ['/history #! 5', 501, /letters, digits/],
  ['/search', 501, /The words to look for are missing\. Write \/search WORDS/],
  ['/search ?! --', 501, /Search for at least one word with a letter or a digit\./],
  [`/search ${'a '.repeat(17)}`, 501, /Search for at most 16 words\./],
  ['/export', 501, /The name of the file is missing\. Write \/export \[CONVERSATION\] FILE/],
  ['/export #lobby', 501, /The name of the file is missing/],
  ['/export @bob ""', 501, /The name of the file is missing/],
  ['/export \u2800', 501, /The name of the file is missing/],
  ['/topic \u200d', 201, /The topic shows nothing/],
  ['/ban bob \u0301', 201, /The reason shows nothing/],
  ['/retention no', 501, /Type "ok" to confirm, not "no"\. Write \/retention \[ok\]/],
  ['/unread all', 501, /Write \/unread$/],
  [
    '/mute #lobby loudly',
    501,
    /"loudly" is neither a level \(all, mentions\) nor a duration such as 30m, 2h or 1d\. Write \/mute \[CONV/,
  ],
  ['/mute #lobby all 2h now', 501, /"now" is unexpected/],
  ['/mute #lobby 0m', 501, /longer than 0 and at most 365d/],
  ['/mute 366d', 501, /at most 365d/],
  ['/mute 999999999d', 501, /at most 365d/],
  ['/mute 2h mentions', 501, /"mentions" is unexpected/],
  ['/mute #!', 501, /letters, digits/],
  ['/unmute a b', 501, /Write \/unmute \[CONVERSATION\|USER\]/],
  ['/mutes #lobby', 501, /Write \/mutes$/],
  ['/dnd maybe', 501, /"maybe" is not a setting of \/dnd\. Write \/dnd \[on\|off\]/],
  ['/block', 301, /The name of the person is missing\. Write \/block USER/],
  ['/unblock #lobby', 301, /is a room, not a person/],
  ['/privacy friends', 301, /"friends" is not a privacy setting\. Write/],
  ['/blocks bob', 301, /Write \/blocks$/],
  ['/links all', 501, /Write \/links$/],
  ['/why not', 501, /Write \/why$/],
  [
    '/set sound on',
    501,
    /^The dashboard has no option "sound"\. The options are theme, ascii, mouse and members\. Write \/set \[OPTION \[VALUE\]\]/,
  ],
  [
    '/set theme blue',
    501,
    /^"blue" is not a value of theme\. The values are dark, light, high-contrast and auto\./,
  ],
  ['/help join leave', 501, /Write \/help \[COMMAND\], for example: \/help join$/],
  ['/quit now', 501, /Write \/quit$/],
];

for (const [line, status, says] of wrongUses) {
  test(`line: given the wrong use ${JSON.stringify(line.slice(0, 40))}, then the refusal has status ${status} and shows the correct use`, (t) => {
    const refusal = misused(line);
    t.is(refusal?.refusal.status, status);
    t.is(refusal?.refusal.phrase, 'INVALID_COMMAND');
    t.regex(refusal?.refusal.message ?? '', says);
    t.is(refusal?.command, line.split(' ')[0]);
  });
}

test('line: every command has a wrong use in the table above, a valid example, and a summary', (t) => {
  for (const { name, example, summary } of commands) {
    t.true(
      wrongUses.some(([line]) => line.split(' ')[0] === `/${name}`),
      name,
    );
    t.is(parseLine(example).kind, 'command', example);
    t.true(example.startsWith(`/${name}`));
    t.regex(summary, /\.$/);
  }
});

test('line: given an unknown command, then the nearest one is suggested', (t) => {
  const suggestions = {
    '/jion': '/join',
    '/lgoin a b': '/login',
    '/member': '/members',
    '/peolpe': '/people',
    '/HLEP': '/help',
    '/nick bobby': '/rename',
    '/Query bob': '/msg',
    '/kick bob': '/remove',
    '/w': '/msg',
    '/settings': '/set',
  };
  for (const [line, suggestion] of Object.entries(suggestions)) {
    t.is(misused(line)?.refusal.status, 501);
    t.is(misused(line)?.refusal.phrase, 'INVALID_COMMAND');
    t.true(misused(line)?.refusal.message.includes(`Did you mean ${suggestion}?`), line);
  }
  t.is(misused('/jion lobby')?.command, '/jion');
});

test('line: a name without a command is refused as unknown', (t) => {
  for (const line of ['/send tea.txt', '/nonsense', '/m', '/away', '/xyz', '/foo bar']) {
    const message = misused(line)?.refusal.message ?? '';
    t.regex(message, /^There is no command "\/\w+"\. .*\/help lists all commands\./);
    t.notRegex(message, /Did you mean/, line);
  }
  t.regex(misused('/away')?.refusal.message ?? '', /After ten minutes without a key you are shown as away\./);
});

test('line: /? is /help', (t) => {
  t.like(parseLine('/?'), { kind: 'command', command: '/help' });
  t.like(parseLine('/? join'), { kind: 'command', command: '/help' });
});

const INVISIBLE: readonly (readonly [name: string, line: string])[] = [
  ['a zero-width joiner', '\u200d'],
  ['a variation selector', '\ufe0f'],
  ['a combining accent', '\u0301'],
  ['the empty Braille pattern', '\u2800'],
  ['bold marks around a zero-width space', '**\u200b**'],
  ['italic marks around a bidirectional override', '*\u202e*'],
];
for (const [name, line] of INVISIBLE) {
  test(`line: a message of ${name} is refused, because it shows nothing`, (t) => {
    t.like(misused(line), { command: null, refusal: { status: 401, phrase: 'INVALID_FORMAT' } });
    t.regex(misused(line)?.refusal.message ?? '', /^The message shows nothing/);
  });
}

test('line: a slash alone, and a slash before a space, are not commands', (t) => {
  t.regex(misused('/')?.refusal.message ?? '', /^A slash alone is not a command\./);
  t.regex(misused('/ join')?.refusal.message ?? '', /^A slash alone is not a command\./);
});

test('line: commands are found in upper or lower case and after spaces', (t) => {
  t.like(parseLine('/JOIN lobby'), { kind: 'command', command: '/join' });
  t.like(parseLine('  /login alice secret-words'), { kind: 'command', command: '/login' });
});

test('line: a line that starts with two slashes is a message that starts with one', (t) => {
  t.deepEqual(parseLine('//shrug'), { kind: 'message', text: '/shrug' });
});

test('line: a message keeps its spaces and markup, and loses control characters', (t) => {
  t.deepEqual(parseLine('  hello   **world** '), { kind: 'message', text: '  hello   **world** ' });
  t.deepEqual(parseLine('a\u0000\u001b[2Jb\u202ec'), { kind: 'message', text: 'a[2Jbc' });
});

test('line: a line of only spaces and control characters is empty', (t) => {
  for (const line of ['', ' \t ', '\u0000', '\u200b']) t.deepEqual(parseLine(line), { kind: 'empty' });
});

test('line: a line over the limit is refused, one at the limit is not', (t) => {
  t.is(parseLine('x'.repeat(LINE_MAX_BYTES)).kind, 'message');
  t.like(misused('x'.repeat(LINE_MAX_BYTES + 1)), {
    command: null,
    refusal: { status: 401, phrase: 'INVALID_FORMAT' },
  });
  t.like(misused(`/join ${'é'.repeat(LINE_MAX_BYTES / 2)}`), { refusal: { status: 401 } });
});

test('line: the start of a password is found, also after a mistyped command, and nowhere else', (t) => {
  t.is(secretStart('/login alice open sesame'), '/login alice '.length);
  t.is(secretStart('  /REGISTER  alice  x'), '  /REGISTER  alice '.length);
  t.is(secretStart('/register alice  '), '/register alice '.length);
  t.is(secretStart('/lgoin alice x'), '/lgoin alice '.length);
  t.is(secretStart('/login alice '), null);
  t.is(secretStart('/password old'), '/password '.length);
  t.is(secretStart('  /PASSWORD  "old one" new'), '  /PASSWORD  '.length);
  t.is(secretStart('/pasword old new'), '/pasword '.length);
  t.is(secretStart('/password '), null);
  t.is(secretStart('/msg alice hello'), null);
  t.is(secretStart('login alice hello'), null);
});

test('line: the refusal of a wrong /password repeats no part of the input', (t) => {
  for (const line of [
    '/password hunter2-old',
    '/password hunter2-old hunter2-new more',
    '/password "hunter2',
  ]) {
    t.notRegex(misused(line)?.refusal.message ?? '', /hunter2/);
  }
});
