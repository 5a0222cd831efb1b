import test from 'ava';
import * as fc from 'fast-check';
import { limits } from '../../../../core/protocol/limits.js';
import { parseMarkup } from '../../../../core/protocol/message/markup.js';
import { isMessage, typedText } from '../arbitraries.js';

/** The spans of `source` as `STYLE:marked text`, or `HYPERLINK:marked text:url`. */
function read(source: string): readonly string[] {
  const { text, spans } = parseMarkup(source);
  const marked = spans.map((span) => {
    const words = `${span.style}:${text.slice(span.start, span.end)}`;
    return span.style === 'HYPERLINK' ? `${words}:${span.url}` : words;
  });
  return [text, ...marked];
}

const plain = (source: string): readonly string[] => [source];

test('markup: two stars make bold, one makes italic, three make both', (t) => {
  t.deepEqual(parseMarkup('hello **world**'), {
    text: 'hello world',
    spans: [{ style: 'BOLD', start: 6, end: 11 }],
  });
  t.deepEqual(read('an *odd* one'), ['an odd one', 'ITALIC:odd']);
  t.deepEqual(read('***both***').toSorted(), ['BOLD:both', 'ITALIC:both', 'both']);
});

test('markup: marks nest, side by side or inside each other', (t) => {
  t.deepEqual(read('**a *b* c**'), ['a b c', 'BOLD:a b c', 'ITALIC:b']);
  t.deepEqual(read('*a **b***'), ['a b', 'ITALIC:a b', 'BOLD:b']);
  t.deepEqual(read('**[site](http://a.b/)**'), ['site', 'HYPERLINK:site:http://a.b/', 'BOLD:site']);
  t.deepEqual(read('*a* *b*'), ['a b', 'ITALIC:a', 'ITALIC:b']);
});

test('markup: given marks that would cross, then only the outer ones apply', (t) => {
  t.deepEqual(read('*a **b* c**'), ['a **b c**', 'ITALIC:a **b']);
});

test('markup: an incomplete mark stays as typed', (t) => {
  for (const source of [
    '*',
    '**',
    '****',
    '** a **',
    '* a *',
    '**a',
    'a**',
    '*a',
    '[a]',
    '[a](',
    '[](mailto:)',
    '[a](b)',
    '\\',
    '',
  ]) {
    t.deepEqual(read(source), plain(source));
  }
});

test('markup: a star inside a word or a path stays a star', (t) => {
  for (const source of [
    '2*3*4',
    'src/*.ts and lib/*.ts',
    'a*b*',
    '*a*b',
    'f(**kwargs)',
    'x ** y ** z',
    '5 * 6 * 7',
  ]) {
    t.deepEqual(read(source), plain(source));
  }
});

test('markup: a backslash before a mark makes it a plain character', (t) => {
  t.deepEqual(read('\\*a\\*'), plain('*a*'));
  t.deepEqual(read('\\**a*'), ['*a', 'ITALIC:a']);
  t.deepEqual(read('\\[a](http://a.b)'), ['[a](http://a.b)', 'HYPERLINK:http://a.b:http://a.b']);
  t.deepEqual(read('\\\\ and C:\\dir \\n'), plain('\\ and C:\\dir \\n'));
  t.deepEqual(read('[a\\]\\*b](http://a.b)'), ['a]*b', 'HYPERLINK:a]*b:http://a.b']);
});

test('markup: any typed text without an address can be escaped so that it stays as typed', (t) => {
  fc.assert(
    fc.property(typedText, (typed) => {
      const source = typed.replaceAll(':', ';');
      t.deepEqual(read(source.replace(/[\\*[\]()]/g, '\\$&')), plain(source));
    }),
  );
});

test('markup: text without marks is unchanged', (t) => {
  fc.assert(
    fc.property(typedText, (typed) => {
      const source = typed.replace(/[\\*[]/g, '');
      t.is(parseMarkup(source).text, source);
    }),
  );
});

test('markup: a labelled address becomes a link', (t) => {
  t.deepEqual(read('see [the site](https://a.b/c)!'), ['see the site!', 'HYPERLINK:the site:https://a.b/c']);
  t.deepEqual(read('[mail](mailto:a@b.c)'), ['mail', 'HYPERLINK:mail:mailto:a@b.c']);
  t.deepEqual(read('[x](http://a.b/c_(d))'), ['x', 'HYPERLINK:x:http://a.b/c_(d)']);
  t.deepEqual(read('[http://a.b](http://c.d)'), ['http://a.b', 'HYPERLINK:http://a.b:http://c.d']);
});

test('markup: a bare address becomes a link, without adjacent punctuation', (t) => {
  t.deepEqual(read('at http://a.b/c, ok'), ['at http://a.b/c, ok', 'HYPERLINK:http://a.b/c:http://a.b/c']);
  t.deepEqual(read('(https://a.b/c_(d)).'), [
    '(https://a.b/c_(d)).',
    'HYPERLINK:https://a.b/c_(d):https://a.b/c_(d)',
  ]);
  t.deepEqual(read('**http://a.b/c**').toSorted(), [
    'BOLD:http://a.b/c',
    'HYPERLINK:http://a.b/c:http://a.b/c',
    'http://a.b/c',
  ]);
  t.deepEqual(read('http://a.b/*c*d'), ['http://a.b/*c*d', 'HYPERLINK:http://a.b/*c*d:http://a.b/*c*d']);
  t.deepEqual(read('http://a.b http://c.d'), [
    'http://a.b http://c.d',
    'HYPERLINK:http://a.b:http://a.b',
    'HYPERLINK:http://c.d:http://c.d',
  ]);
});

test('markup: only http, https and mailto become links', (t) => {
  for (const url of [
    'javascript:alert(1)',
    'data:x',
    'file:///a',
    'ftp://a.b',
    '//a.b',
    'readme.md',
    'a.b',
    'a@b.c',
  ]) {
    t.deepEqual(read(url), plain(url));
    t.deepEqual(read(`[a](${url})`), plain(`[a](${url})`));
  }
  t.deepEqual(read('[a](http://a.b/\u001b]8;;)').length, 2);
  t.is(parseMarkup('[a](http://a.b/\u202e)').text, '[a](http://a.b/\u202e)');
});

test('markup: given any typed text, then its text and spans fit the schema of a message', (t) => {
  fc.assert(
    fc.property(typedText, (source) => {
      const { text, spans } = parseMarkup(source);
      t.is(isMessage({ text, spans }), text !== '', JSON.stringify({ text, spans }));
      t.true(text.length <= source.length);
    }),
    { numRuns: 1_000 },
  );
});

test('markup: given a lone surrogate, then the text is well-formed and no span cuts a character', (t) => {
  const { text, spans } = parseMarkup('\ud83d**\udc4b**');
  t.true(text.isWellFormed());
  t.true(isMessage({ text, spans }));
});

test('markup: given more marks than a message may have, then the rest stay as typed', (t) => {
  for (const one of ['*a* ', 'http://a.b ', '[a](http://a.b) ']) {
    const { text, spans } = parseMarkup(one.repeat(limits.spansPerMessage + 2));
    t.is(spans.length, limits.spansPerMessage);
    t.true(text.endsWith(one.repeat(2)));
  }
});

test('markup: given an address that is too long, then it stays as typed', (t) => {
  const url = `http://a.b/${'c'.repeat(limits.linkAddressMaxLength)}`;
  t.deepEqual(read(url), plain(url));
  t.deepEqual(read(`[a](${url})`), plain(`[a](${url})`));
});

const KIB = 1_024;
const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length));

const MARKS = '* **a *a a* *a* ***a [ [a [\\ \\ \\\\[ [a]( [a](b( ('.split(' ');
const ADDRESSES = 'http:// http://a.b http://a.b/* http://a.b/( [a](http://a.b) mailto:a@b.c //a.b'.split(
  ' ',
);

for (const unit of [
  ...MARKS,
  ...MARKS.map((mark) => `${mark} `),
  ...ADDRESSES.map((address) => `${address} `),
]) {
  test(`markup: given 256 KiB of "${unit}", then it is parsed within the spec's time limit`, (t) => {
    const source = fill(unit, 256 * KIB);
    t.true(parseMarkup(source).text.length <= source.length);
  });
}

// Inputs that take a careless parser minutes: its time grows with the square of the length, or worse.
const TRAPS = {
  'openers that no closer fits': fill('**a ', 512 * KIB) + fill('b* ', 512 * KIB),
  'an address full of stars': `http://a.b/${fill('*', 512 * KIB)}b`,
  'many addresses before many pieces': fill('http://a.b ', 512 * KIB) + fill('h*', 512 * KIB),
  'a label of backslashes': `[${fill('\\', 512 * KIB)}`,
  'an address without an end': `[a](${fill('b', 512 * KIB)}`,
  'a label longer than a stack is deep': `[${fill('a', 16 * KIB * KIB)}](http://a.b)`,
  'an address longer than a stack is deep': `[a](http://a.b/${fill('(b)', 16 * KIB * KIB)})`,
};

for (const [trap, source] of Object.entries(TRAPS)) {
  test(`markup: given ${trap}, then it is parsed within the spec's time limit`, (t) => {
    t.true(parseMarkup(source).text.length <= source.length);
  });
}
