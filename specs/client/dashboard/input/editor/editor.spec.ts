import test from 'ava';
import * as fc from 'fast-check';
import { textBefore } from '../../../../../client/dashboard/input/editor/draft.js';
import { Editor } from '../../../../../client/dashboard/input/editor/editor.js';
import { InputHistory } from '../../../../../client/dashboard/input/editor/history.js';
import { holds } from '../../../../support/property.js';

const editorWith = (text: string, history = new InputHistory()): Editor => {
  const editor = new Editor(history);
  editor.insert(text);
  return editor;
};
const boundaries = (text: string): readonly number[] =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), ({ index }) => index);
/** The text with `|` at the cursor. */
const shown = (editor: Editor): string => {
  const before = textBefore(editor.draft);
  return `${before}|${editor.text.slice(before.length)}`;
};
const after = (text: string, ...actions: readonly string[]): string => {
  const editor = editorWith(text);
  for (const action of actions) editor.act(action);
  return shown(editor);
};

test('editor: the cursor moves by graphemes, words and lines', (t) => {
  t.is(after('a👩‍👩‍👧‍👦b', 'move-left', 'move-left'), 'a|👩‍👩‍👧‍👦b');
  t.is(after('one two  three', 'move-word-left', 'move-word-left'), 'one |two  three');
  t.is(after('one two', 'move-start', 'move-word-right'), 'one| two');
  t.is(after('one\ntwo', 'move-start'), 'one\n|two');
  t.is(after('one\ntwo', 'up', 'move-end'), 'one|\ntwo');
  t.is(after('long line\nab', 'up'), 'lo|ng line\nab');
  t.is(after('ab\nlong line', 'up', 'down'), 'ab\nlo|ng line');
});

test('editor: erasing removes whole graphemes', (t) => {
  t.is(after('aé🇩🇪', 'erase-left'), 'aé|');
  t.is(after('ae\u0301', 'erase-left'), 'a|');
  t.is(after('日本', 'move-start', 'erase-right'), '|本');
});

test('editor: cut text can be inserted again, and changes can be undone', (t) => {
  t.is(after('one two', 'erase-word-left', 'yank', 'yank'), 'one twotwo|');
  t.is(after('one two', 'erase-to-start', 'undo'), 'one two|');
  t.is(after('one two', 'move-word-left', 'erase-to-end', 'move-start', 'yank'), 'two|one ');
  const editor = new Editor(new InputHistory());
  for (const key of 'hello big world') editor.insert(key);
  editor.act('undo');
  t.is(editor.text, 'hello big');
});

test('editor: a combining mark joins the grapheme before it', (t) => {
  const editor = editorWith('e');
  editor.insert('\u0301');
  editor.insert('x');
  t.is(shown(editor), 'e\u0301x|');
  editor.act('move-left');
  editor.act('move-left');
  t.is(shown(editor), '|e\u0301x');
});

test('editor: the history keeps the unsent text', (t) => {
  const history = new InputHistory();
  const editor = editorWith('first', history);
  t.is(editor.take(true), 'first');
  editor.insert('second');
  editor.take(true);
  editor.insert('half');
  editor.act('up');
  t.is(editor.text, 'second');
  editor.act('up');
  editor.act('up');
  t.is(editor.text, 'first');
  editor.act('down');
  editor.act('down');
  t.is(editor.text, 'half');
  editor.act('down');
  t.is(editor.text, 'half');
});

test('editor: a secret line is not in the history', (t) => {
  const history = new InputHistory();
  const editor = editorWith('/login alice sesame', history);
  editor.take(false);
  editor.act('up');
  t.is(editor.text, '');
});

test('editor: the history is searched while the user types', (t) => {
  const history = new InputHistory();
  for (const line of ['/join lobby', 'hello lobby', 'bye']) history.add(line);
  const editor = new Editor(history);
  editor.act('search-input');
  editor.insert('lob');
  t.is(editor.search, 'lob');
  t.is(editor.text, 'hello lobby');
  editor.act('search-input');
  t.is(editor.text, '/join lobby');
  editor.act('move-end');
  t.is(editor.search, null);
  t.is(editor.text, '/join lobby');
});

test('editor: after any keys the cursor is between two graphemes of the text', async (t) => {
  const actions = ['up', 'down', 'undo', 'yank', 'new-line', 'search-input', 'move-left', 'move-word-right'];
  const erasures = ['erase-left', 'erase-word-left', 'erase-to-end', 'erase-right', 'erase-word-right'];
  const key = fc.oneof(
    fc.constantFrom(...actions, ...erasures).map((action) => (editor: Editor) => void editor.act(action)),
    fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => (editor: Editor) => editor.insert(text)),
  );
  await holds(
    t,
    fc.property(fc.array(key), (keys) => {
      const editor = editorWith('', new InputHistory());
      for (const press of keys) press(editor);
      const { at, text } = editor.draft;
      return at === text.length || boundaries(text).includes(at);
    }),
  );
});
