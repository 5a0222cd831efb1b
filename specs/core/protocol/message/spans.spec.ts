import test from 'ava';
import * as fc from 'fast-check';
import { isSafeUrl, spanSchema } from '../../../../core/protocol/message/spans.js';
import { hostileText } from '../arbitraries.js';

const isSpan = (value: unknown): boolean => spanSchema.safeParse(value).success;

test('spans: a span has a known style and ends after it starts', (t) => {
  t.true(isSpan({ style: 'BOLD', start: 0, end: 1 }));
  t.true(isSpan({ style: 'HYPERLINK', start: 3, end: 9, url: 'https://example.org/' }));
  for (const wrong of [
    { start: 1, end: 1 },
    { start: 2, end: 1 },
    { start: -1 },
    { start: 0.5 },
    { end: Number.NaN },
    { end: 2 ** 60 },
    { end: '1' },
    { style: 'bold' },
    { style: 'BLINK' },
    { style: 'HYPERLINK' },
  ]) {
    t.false(isSpan({ style: 'BOLD', start: 0, end: 1, ...wrong }), JSON.stringify(wrong));
  }
});

test('spans: given an address on a span that is not a link, then the address is dropped', (t) => {
  const bold = { style: 'BOLD', start: 0, end: 1 };
  t.deepEqual<unknown, unknown>(spanSchema.parse({ ...bold, url: 'javascript:1' }), bold);
});

test('spans: given any value, then it is read or refused, without an exception', (t) => {
  t.notThrows(() => fc.assert(fc.property(fc.anything(), (value) => typeof isSpan(value) === 'boolean')));
});

test('spans: a link is http, https or mailto, and nothing else', (t) => {
  for (const url of [
    'http://a',
    'HTTPS://A.b/c?d#e',
    'mailto:a@b.c',
    'http://münchen.de/ä',
    'http://[::1]:80/',
  ]) {
    t.true(isSafeUrl(url), url);
  }
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:1',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a',
    'ssh://a',
    'vbscript:x',
    'a.b',
    '//a.b',
    '/a',
    '',
    ' http://a',
    'http://a ',
    'http://',
    'http://a b',
    'java\nscript:1',
    'ht\ntp://a',
    'http://a/\u001b]8;;',
    'http://a/\u0007',
    'http://a/\u202etxt.exe',
    'http://a/\u200b',
    'http://a/\u00a0',
    'http://a/\ud800',
    `http://a/${'x'.repeat(2_048)}`,
  ]) {
    t.false(isSafeUrl(url), JSON.stringify(url));
  }
});

test('spans: given any text after a valid prefix, then no address contains control characters or line breaks', (t) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const url = `http://a.b/${text}`;
      if (isSafeUrl(url)) t.notRegex(url, /[\p{Cc}\s\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('spans: given many links, then a link with letters beyond ASCII is accepted every time', (t) => {
  // Enough calls for V8 to optimise the function, which happens after some thousand.
  const verdicts = Array.from({ length: 20_000 }, () => isSafeUrl('http://münchen.de/ä'));
  t.is(verdicts.indexOf(false), -1);
});
