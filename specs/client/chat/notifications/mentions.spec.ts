import { readFileSync } from 'node:fs';
import test from 'ava';
import { mentionsOf } from '../../../../client/chat/notifications/mentions.js';

const texts: readonly (readonly [text: string, mentioned: readonly string[]])[] = [
  ['hi @alice', ['@alice']],
  ['@ALICE: look', ['@ALICE']],
  ["(@alice) @alice's @alice, @alice.", ['@alice', '@alice', '@alice', '@alice']],
  ['\u{1f600}@alice\u{1f600}', ['@alice']],
  ['@\uff41\uff4c\uff49\uff43\uff45 \uff20alice', ['@\uff41\uff4c\uff49\uff43\uff45', '\uff20alice']],
  ['line\n@alice', ['@alice']],
  ['@formerly too', ['@formerly']],
  ['alice', []],
  ['@ alice', []],
  ['@alicent @alice-cooper @alice_ @alice2', []],
  ['@alic\u00e9 @alice\u0301', []],
  ['bob@alice bob@alice.org @@alice', []],
  ['-@alice well--@alice @alice-- @alice- go', ['@alice', '@alice', '@alice', '@alice']],
  ['co-@alice \u{1d504}-@alice', []],
  ['foo/@alice @alice/cli @alice.com @alice@host @alice\uff20host', []],
  ['@bob/@alice/@bob', ['@alice']],
  ['@bob', []],
  ['', []],
];

for (const [text, mentioned] of texts) {
  test(`mentions: given ${JSON.stringify(text)}, then ${JSON.stringify(mentioned)} mention alice`, (t) => {
    const found = mentionsOf(text, [], ['Alice', 'formerly']);
    t.deepEqual(
      found.map(({ start, end }) => text.slice(start, end)),
      mentioned,
    );
  });
}

const page = readFileSync(
  new URL('../../../../../docs/explanation/notifications.md', import.meta.url),
  'utf8',
);
const documented = [...page.matchAll(/^\| `(.*@.*)` \| ([a-z, ]+) \| .* \|$/gm)];

test('mentions: the table of the documentation has a row for each rule', (t) => {
  t.true(documented.length >= 15, String(documented.length));
});

for (const [, text = '', names = ''] of documented) {
  test(`mentions: as documented, ${text} mentions ${names}`, (t) => {
    const expected = names === 'nobody' ? [] : names.split(', ');
    const found = ['alice', 'bob'].flatMap((name) => mentionsOf(text, [], [name]).map(() => name));
    t.deepEqual(found.toSorted(), expected.toSorted());
  });
}

test('mentions: given a name within a web address, then it is no mention; given bold text, then it is one', (t) => {
  const text = 'https://social.example/@alice @alice';
  const link = { style: 'HYPERLINK', start: 0, end: 29, url: 'https://social.example/@alice' } as const;
  t.deepEqual(mentionsOf(text, [link], ['alice']), [{ start: 30, end: 36 }]);
  t.deepEqual(mentionsOf('@alice', [{ style: 'BOLD', start: 0, end: 6 }], ['alice']), [{ start: 0, end: 6 }]);
});

test('mentions: given a very long text, then no mention is found', (t) => {
  t.is(mentionsOf('@'.repeat(8_192), [], ['alice']).length, 0);
  t.is(mentionsOf(`@${'a'.repeat(8_000)}`, [], ['alice']).length, 0);
});
