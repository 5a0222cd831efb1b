import test from 'ava';
import { Timelines } from '../../../../client/dashboard/model/timelines.js';
import { themes } from '../../../../client/dashboard/paint/theme.js';

const shown = (phrase: string, message: string): readonly unknown[] => {
  const timelines = new Timelines(themes.dark, { now: () => 0 }, () => 'alice');
  timelines.outcome('#lobby', { status: 200, phrase, message, data: null });
  return Array.from(timelines.of('#lobby').newestFirst(), ({ body }) => body);
};

test('records: given a deed that the room is told of, then its answer is not told, too', (t) => {
  t.deepEqual(shown('TOPIC_CHANGED_S', 'The topic of #lobby is now: roses'), []);
});

test('records: given a ban of somebody who is banned already, of which the room hears nothing, then its answer is told', (t) => {
  t.deepEqual(shown('MEMBER_BANNED_S', 'bob is banned from #lobby.'), ['bob is banned from #lobby.']);
});
