import test from 'ava';
import { reply } from '../../../../client/commands/reply.js';
import { answer } from '../../../support/fake-chat.js';
import { Timelines } from '../../../../client/dashboard/model/timelines.js';
import { themes } from '../../../../client/dashboard/paint/theme.js';

const shown = (phrase: string, message: string): readonly unknown[] => {
  const timelines = new Timelines(themes.dark, { now: () => 0 }, () => 'alice');
  timelines.addReply('#lobby', reply('done', answer(200, phrase, message, null)));
  return Array.from(timelines.of('#lobby').newestFirst(), ({ body }) => body);
};

test('timelines: given a success that the room gets a notice of, then its outcome is not shown as well', (t) => {
  t.deepEqual(shown('TOPIC_CHANGED_S', 'The topic of #lobby is now: roses'), []);
});

test('timelines: given a ban of a person who is already banned, which causes no notice, then its outcome is shown', (t) => {
  t.deepEqual(shown('MEMBER_BANNED_S', 'bob is banned from #lobby.'), ['bob is banned from #lobby.']);
});
