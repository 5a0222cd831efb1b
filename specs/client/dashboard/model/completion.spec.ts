import test from 'ava';
import { Completion, offerWords } from '../../../../client/dashboard/model/completion.js';
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
    completion.follow();
  };
  type(text);
  return { editor, completion, type };
}

test('completion: the only one is put in, and what all have in common', (t) => {
  const { editor, completion, type } = writing('hi @bo');
  t.true(completion.complete());
  t.is(editor.text, 'hi @bob');
  t.deepEqual(completion.offers, { hits: ['@bob', '@bobby'], at: 0, word: '@bob' });
  type('by');
  t.deepEqual(completion.offers?.hits, ['@bobby']);
  t.true(completion.act('enter'));
  t.is(editor.text, 'hi @bobby ');
  t.is(completion.offers, null);
  type('zz');
  t.false(completion.complete());
  t.is(editor.text, 'hi @bobby zz');
});

test('completion: a menu goes round, is closed, and leaves the line as it was', (t) => {
  const { editor, completion, type } = writing('bo');
  completion.complete();
  t.is(editor.text, 'bob');
  completion.complete();
  t.is(completion.offers?.at, 1);
  completion.act('down');
  t.is(completion.offers?.at, 0);
  completion.act('up');
  t.is(completion.offers?.at, 1);
  t.true(completion.act('close'));
  t.is(editor.text, 'bob');
  t.false(completion.act('close'));
  completion.complete();
  type(' ');
  t.is(completion.offers, null);
  editor.act('undo');
  editor.act('undo');
  t.is(editor.text, 'bo', 'and can be undone');
});

test('completion: it tells what a command does and whether somebody is there', (t) => {
  const people = [{ username: 'Bob', state: 'dnd' }];
  t.regex(offerWords('/join', people), /member of a room/);
  t.is(offerWords('@bob', people), 'do not disturb');
  t.is(offerWords('#lobby', people), '');
});
