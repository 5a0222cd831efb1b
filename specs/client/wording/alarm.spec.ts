import test from 'ava';
import * as fc from 'fast-check';
import type { EventNotification, MessageNotification } from '../../../client/chat/events.js';
import { type Alarm, createAlarm } from '../../../client/wording/alarm.js';
import { startPlainFace, startPrompt } from '../../support/terminals/plain-face.js';

const me = () => 'alice';

const mention: MessageNotification = {
  kind: 'mention',
  conversation: '#lobby',
  from: 'bob',
  id: 'm1',
  preview: 'hi @alice',
  isLoud: true,
  at: 0,
};
const removal: EventNotification = {
  kind: 'removal',
  conversation: '#lobby',
  from: 'bob',
  preview: 'spam',
  isLoud: true,
  at: 0,
  notice: {
    type: 'MemberRemoved',
    conversation: '#lobby',
    username: 'alice',
    by: 'bob',
    reason: 'spam',
    at: 0,
  },
};

const alarms: readonly (readonly [
  how: Alarm,
  of: MessageNotification | EventNotification,
  written: string,
])[] = [
  ['off', mention, ''],
  ['bell', mention, '\u0007'],
  ['bell', { ...mention, isLoud: false }, ''],
  ['osc9', mention, '\u001b]9;Partyline: #lobby bob: hi @alice\u0007'],
  ['osc9', { ...mention, isLoud: false }, ''],
  ['osc777', mention, '\u001b]777;notify;Partyline;#lobby bob: hi @alice\u0007'],
  [
    'osc777',
    { ...mention, kind: 'private', conversation: '@bob' },
    '\u001b]777;notify;Partyline;bob: hi @alice\u0007',
  ],
  ['osc9', removal, '\u001b]9;Partyline: #lobby you were removed by bob (spam)\u0007'],
  ['osc777', { ...mention, preview: '4;1;50' }, '\u001b]777;notify;Partyline;#lobby bob: 4,1,50\u0007'],
];

for (const [how, of, written] of alarms) {
  test(`alarm: given ${how} and ${of.kind}${of.isLoud ? '' : ', quiet'}: "${of.preview}", then ${JSON.stringify(written)} is written`, (t) => {
    t.is(createAlarm(how, { now: () => 0 }, me)(of), written);
  });
}

test('alarm: given any text, then the sequence holds no control byte and no separator, and is not too long', (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );
  fc.assert(
    fc.property(text, text, (preview, from) => {
      const written = createAlarm('osc9', { now: () => 0 }, me)({ ...mention, from, preview });
      const body = written.slice('\u001b]9;'.length, -1);
      t.is(written, `\u001b]9;${body}\u0007`);
      t.notRegex(body, /[\p{Cc};]/u);
      t.true(body.isWellFormed());
      t.true(body.length <= 160);
    }),
  );
});

test('alarm: given an alert within the last second, then there is none; a quiet notification does not start that second', (t) => {
  let now = 0;
  const alarm = createAlarm('bell', { now: () => now }, me);
  const calls = [0, 999, 1_000, 1_500, 2_000].map((at) => {
    now = at;
    return alarm({ ...mention, isLoud: at !== 0 });
  });
  t.deepEqual(calls, ['', '\u0007', '', '', '\u0007']);
});

test('prompt: given a bell, then it rings only for loud notifications, and the cursor does not move', async (t) => {
  const face = startPrompt(t, { notify: 'bell' });
  face.type('half');
  await face.shows('#lobby> half');
  const { written } = face.screen;
  await face.chat.events.emit('notification', { ...mention, isLoud: false });
  t.is(face.screen.written, written);
  await face.chat.events.emit('notification', mention);
  t.is(face.screen.written, `${written}\u0007`);
});

test('plain: given no terminal, a dumb terminal, or alerts that are off, then nothing rings', async (t) => {
  for (const wishes of [
    { isTerminal: false, notify: 'bell' },
    { isTerminal: true, notify: 'osc9', env: { TERM: 'dumb' } },
    { isTerminal: true, notify: 'off', env: { NO_COLOR: '1' } },
  ] as const) {
    const face = startPlainFace(t, wishes);
    await face.chat.events.emit('notification', mention);
    await face.chat.events.emit('message', {
      conversation: '#lobby',
      from: 'bob',
      id: 'b2',
      text: 'done',
      spans: [],
      link: 'tcp',
      at: 0,
    });
    t.notRegex(face.screen.written, /[\u0007]|\u001b\]/);
  }
});
