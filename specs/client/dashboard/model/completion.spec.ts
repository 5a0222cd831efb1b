import test from 'ava';
import { Completion, suggestionHint } from '../../../../client/dashboard/model/completion.js';
import { Editor } from '../../../../client/dashboard/input/editor/editor.js';
import { InputHistory } from '../../../../client/dashboard/input/editor/history.js';

function writing(text: string) {
  const editor = new Editor(new InputHistory());
  const completion = new Completion(editor, () => ({
    people: ['bob', 'bobby', '日本'],
    rooms: ['lobby'],
    conversations: ['#lobby', '@bob'],
  }));
  const type = (more: string): void => {
    editor.insert(more);
    completion.update();
  };
  type(text);
  return { editor, completion, type };
}

test('completion: a single match is inserted, of several matches their common beginning', (t) => {
  const { editor, completion, type } = writing('hi @bo');
  t.true(completion.complete());
  t.is(editor.text, 'hi @bob');
  t.deepEqual(completion.suggestions, { hits: ['@bob', '@bobby'], at: 0, word: '@bob' });
  type('by');
  t.deepEqual(completion.suggestions?.hits, ['@bobby']);
  t.true(completion.act('enter'));
  t.is(editor.text, 'hi @bobby ');
  t.is(completion.suggestions, null);
  type('zz');
  t.false(completion.complete());
  t.is(editor.text, 'hi @bobby zz');
});

test('completion: the menu wraps around, can be closed, and leaves the line unchanged', (t) => {
  const { editor, completion, type } = writing('bo');
  completion.complete();
  t.is(editor.text, 'bob');
  completion.complete();
  t.is(completion.suggestions?.at, 1);
  completion.act('down');
  t.is(completion.suggestions?.at, 0);
  completion.act('up');
  t.is(completion.suggestions?.at, 1);
  t.true(completion.act('close'));
  t.is(editor.text, 'bob');
  t.false(completion.act('close'));
  completion.complete();
  type(' ');
  t.is(completion.suggestions, null);
  editor.act('undo');
  editor.act('undo');
  t.is(editor.text, 'bo', 'and can be undone');
});

for (const [line, becomes, suggested] of [
  ['/set', '/set ', null],
  ['/set t', '/set theme ', null],
  ['/set ', '/set ', ['ascii', 'members', 'mouse', 'theme']],
  ['/set theme ', '/set theme ', ['auto', 'dark', 'high-contrast', 'light']],
  ['/SET Theme h', '/SET Theme high-contrast ', null],
  ['/set mouse o', '/set mouse o', ['off', 'on']],
  ['/set nonsense o', '/set nonsense o', null],
  ['/set theme dark b', '/set theme dark b', null],
] as const) {
  test(`completion: ${JSON.stringify(line)} becomes ${JSON.stringify(becomes)}`, (t) => {
    const { editor, completion } = writing(line);
    completion.complete();
    t.is(editor.text, becomes);
    t.deepEqual(completion.suggestions?.hits ?? null, suggested);
  });
}

test('completion: the hint of a suggestion is what a command does, or the presence of a person', (t) => {
  const people = [{ username: 'Bob', state: 'dnd' }];
  t.regex(suggestionHint('/join', people), /Join a room/);
  t.is(suggestionHint('@bob', people), 'do not disturb');
  t.is(suggestionHint('#lobby', people), '');
});
