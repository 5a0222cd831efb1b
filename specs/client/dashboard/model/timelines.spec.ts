import test from 'ava';
import { reply } from '../../../../client/commands/reply.js';
import type { Span } from '../../../../core/protocol/message/spans.js';
import { answer } from '../../../support/fake-chat.js';
import { Timelines } from '../../../../client/dashboard/model/timelines.js';
import { themes } from '../../../../screen/paint/theme.js';

const shown = (phrase: string, message: string): readonly unknown[] => {
  const timelines = new Timelines(themes.dark, { now: () => 0 }, () => 'alice');
  timelines.addReply('#lobby', reply('done', answer(200, phrase, message, null)));
  return Array.from(timelines.of('#lobby').newestFirst(), ({ body }) => body);
};

const messageRows = (text: string, spans: readonly Span[]): readonly string[] => {
  const timelines = new Timelines(themes.dark, { now: () => 0 }, () => 'alice');
  const message = { conversation: '#lobby', from: 'bob', link: 'tcp', at: 0 } as const;
  timelines.addMessage({ ...message, id: 'm1', text: 'hi', spans: [] }, true);
  timelines.addMessage({ ...message, id: 'm2', text, spans }, true);
  timelines.addMessage({ ...message, id: 'm3', text: 'there', spans: [] }, true);
  const rows = timelines.of('#lobby').rows(null, 60, 10);
  return rows.slice(1).map((row) =>
    row
      .map((glyph) => glyph.text)
      .join('')
      .slice(6),
  );
};

test('timelines: what a person does is shown after a star, and the next message names its author again', (t) => {
  t.deepEqual(messageRows('bob waves', [{ style: 'ITALIC', start: 0, end: 9 }]), [
    '       bob│ hi',
    '         *│ bob waves',
    '       bob│ there',
  ]);
});

test('timelines: given a text in italics that begins with the name of another person, then its author is shown', (t) => {
  t.deepEqual(messageRows('alice waves', [{ style: 'ITALIC', start: 0, end: 11 }]), [
    '       bob│ hi',
    '          │ alice waves',
    '          │ there',
  ]);
});

test('timelines: given a success that the room gets a notice of, then its outcome is not shown as well', (t) => {
  t.deepEqual(shown('TOPIC_CHANGED_S', 'The topic of #lobby is now: roses'), []);
});

test('timelines: given a ban of a person who is already banned, which causes no notice, then its outcome is shown', (t) => {
  t.deepEqual(shown('MEMBER_BANNED_S', 'bob is banned from #lobby.'), ['bob is banned from #lobby.']);
});
