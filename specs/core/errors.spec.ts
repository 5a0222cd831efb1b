import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as fc from 'fast-check';
import { InvariantError, invariant, messageOf, OperatorError } from '../../core/errors.js';
import { temporaryFolder } from '../support/folder.js';

test('errors: an operator error has a remedy and a cause', (t) => {
  const cause = new Error('EADDRINUSE');
  const error = new OperatorError('The port is taken.', 'Choose another.', { cause });
  t.like(error, { name: 'OperatorError', message: 'The port is taken.', remedy: 'Choose another.', cause });
});

test('errors: an invariant that holds does nothing, and a broken one throws', (t) => {
  t.notThrows(() => invariant(true, 'never'));
  for (const broken of [false, 0, '', null, undefined]) {
    t.throws(() => invariant(broken, 'it must hold'), {
      instanceOf: InvariantError,
      message: 'it must hold',
    });
  }
});

const FILE_ERRORS: readonly (readonly [name: string, cause: (folder: string) => unknown, words: RegExp])[] = [
  [
    'a missing file',
    (folder) => readFileSync(join(folder, 'none')),
    /^the file or its folder does not exist$/,
  ],
  ['a file in a missing folder', (folder) => writeFileSync(join(folder, 'none', 'a'), ''), /does not exist/],
  ['a folder in place of a file', (folder) => readFileSync(folder), /^it is a folder, not a file$/],
  ['a file in place of a folder', (folder) => readFileSync(join(folder, 'file', 'a')), /a part of the path/],
  ['an existing file', (folder) => writeFileSync(join(folder, 'file'), '', { flag: 'wx' }), /exists already/],
  ['a long name', (folder) => writeFileSync(join(folder, 'x'.repeat(300)), ''), /^the name is too long$/],
  ['a loop of links', (folder) => readFileSync(join(folder, 'loop')), /form a loop/],
  ['a full disk', () => writeFileSync('/dev/full', 'x'), /^no space is left on the disk$/],
];
for (const [name, cause, words] of FILE_ERRORS) {
  test(`errors: given ${name}, then the text has words and neither a code nor a path`, async (t) => {
    const folder = await temporaryFolder(t);
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('loop', join(folder, 'loop'));
    const error = t.throws(() => cause(folder));
    t.regex(messageOf(error), words);
    t.false(messageOf(error).includes(folder));
  });
}

test('errors: an error of another system call keeps its text', (t) => {
  const refused = Object.assign(new Error('spawn nats-server ENOENT'), {
    code: 'ENOENT',
    syscall: 'spawn nats-server',
  });
  t.is(messageOf(refused), 'spawn nats-server ENOENT');
});

test('errors: any thrown value has a text', (t) => {
  t.is(messageOf(new Error('why')), 'why');
  t.is(messageOf('why'), 'why');
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
      t.is(typeof messageOf(thrown), 'string');
    }),
  );
  t.is(messageOf(Object.create(null)), '[Object: null prototype] {}');
});
