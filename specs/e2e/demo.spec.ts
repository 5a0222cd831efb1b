// The demo, which newcomers run first.
import test from 'ava';
import { run } from '../support/processes/tracker-process.js';

test('demo: it runs to the end and prints the events of each terminal', async (t) => {
  const { code, lines, errors } = await run(['demo']);
  t.is(code, 0, [...lines.slice(-30), errors].join('\n'));
  const transcript = lines.join('\n');
  t.regex(transcript, /bob {4}\| #lobby <alice> hello world {3}\[tcp\]/);
  t.regex(transcript, /alice {2}\| @bob <bob> psst/);
  t.regex(transcript, /AdminSucceeded bob #lobby/);
  t.regex(transcript, /carol {2}\| session reconnecting/);
  t.regex(transcript, /Everything that was expected arrived\./);
});
