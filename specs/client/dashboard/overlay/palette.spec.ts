import test from 'ava';
import { bindingsWith } from '../../../../client/dashboard/input/keys/bindings.js';
import { fit } from '../../../../client/dashboard/overlay/fuzzy.js';
import { paletteItems } from '../../../../client/dashboard/overlay/palette.js';
import { themes } from '../../../../screen/paint/theme.js';

test('fuzzy: all letters match in their order, and score best together and at the beginning of words', (t) => {
  t.is(fit('xyz', 'next window'), null);
  t.is(fit('', 'anything'), 0);
  const order = ['next window', 'new text works', 'an extra wide owl'];
  const sorted = order.toSorted((one, other) => (fit('next w', other) ?? -99) - (fit('next w', one) ?? -99));
  t.is(sorted[0], 'next window');
  t.true((fit('nw', 'next window') ?? 0) > (fit('nw', 'unwind') ?? 0));
  t.not(fit('window next', 'next window'), null, 'the words match in any order');
  t.is(fit('WINDOW', 'next window'), fit('window', 'next window'));
});

test('palette: a query finds conversations, people, rooms, actions with their keys, and commands; choosing one runs it', (t) => {
  const done: string[] = [];
  const note = (what: string) => (which: string) => void done.push(`${what} ${which}`);
  const items = (query: string) =>
    paletteItems(query, {
      theme: themes.dark,
      bindings: bindingsWith({ links: ['C-l'] }),
      conversations: ['#lobby', '@bob'],
      rooms: ['garden'],
      people: ['bob', 'carol'],
      show: note('show'),
      perform: note('perform'),
      startPrivate: note('startPrivate'),
      join: note('join'),
      run: ({ name }) => note('run')(name),
      begin: ({ name }) => note('begin')(name),
    });
  const pick = (query: string): string => {
    const [first] = items(query);
    first?.choose();
    return `${first?.left[0]?.text} | ${first?.right}`;
  };
  t.is(pick('lob'), '#lobby | room');
  t.is(pick('@b'), '@bob | private');
  t.is(pick('carol'), 'carol | person');
  t.is(pick('garden'), '#garden | room');
  t.is(pick('links'), 'links | Ctrl+L');
  t.is(pick('/topic'), '/topic [TEXT|--clear] | command');
  t.is(pick('/people'), '/people | command');
  t.deepEqual(done, [
    'show #lobby',
    'show @bob',
    'startPrivate carol',
    'join garden',
    'perform links',
    'begin topic',
    'run people',
  ]);
  t.deepEqual(items('qqqq'), []);
  const people = items('').filter(({ right }) => right === 'person');
  t.is(people.length, 1, 'a person with a conversation is listed once');
});
