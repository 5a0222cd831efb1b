import test from 'ava';
import { plainTopic } from '../../../client/wording/topic.js';

for (const [topic, shown] of [
  ['roses', 'roses'],
  ['**bold** and *italic*', 'bold and italic'],
  ['see [the notes](https://a.example/n) first', 'see the notes <a.example> first'],
  ['https://a.example/n', 'https://a.example/n'],
  ['2*3*4 \\*literal\\*', '2*3*4 *literal*'],
  ['', ''],
] as const) {
  test(`topic: "${topic}" is shown as "${shown}"`, (t) => {
    t.is(plainTopic(topic), shown);
  });
}
