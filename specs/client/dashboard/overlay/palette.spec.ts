import test from 'ava';
import { bindingsWith } from '../../../../client/dashboard/input/keys/bindings.js';
import { fit } from '../../../../client/dashboard/overlay/fuzzy.js';
import { paletteItems } from '../../../../client/dashboard/overlay/palette.js';
import { themes } from '../../../../client/dashboard/paint/theme.js';

test('fuzzy: all letters in their order, best together and where words begin', (t) => {
  t.is(fit('xyz', 'next window'), null);
  t.is(fit('', 'anything'), 0);
  const order = ['next window', 'new text works', 'an extra wide owl'];
  const sorted = order.toSorted((one, other) => (fit('next w', other) ?? -99) - (fit('next w', one) ?? -99));
  t.is(sorted[0], 'next window');
  t.true((fit('nw', 'next window') ?? 0) > (fit('nw', 'unwind') ?? 0));
  t.not(fit('window next', 'next window'), null, 'in any order');
  t.is(fit('WINDOW', 'next window'), fit('window', 'next window'));
});

test('palette: it finds conversations, people, rooms, actions with their keys, and commands, and does them', (t) => {
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
      submit: note('enter'),
      beginLine: note('begin'),
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
    'enter /msg carol',
    'enter /join garden',
    'perform links',
    'begin /topic ',
    'enter /people',
  ]);
  t.deepEqual(items('qqqq'), []);
  const people = items('').filter(({ right }) => right === 'person');
  t.is(people.length, 1, 'who has a conversation is not offered twice');
});
