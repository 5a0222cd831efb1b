// The commands about what was said before.
import { type Command, command } from './definition.js';
import { exportFile, historyPage, searchWords } from './arguments/history.js';
import { reply } from './reply.js';

export const historyCommands: readonly Command[] = [
  command({
    name: 'history',
    parameters: '[CONVERSATION] [COUNT]',
    summary:
      'Show the latest messages of a conversation, the latest last: #room or @user, the open one unless named; 20 unless told.',
    example: '/history #lobby 50',
    family: 5,
    names: 'conversation',
    arguments: historyPage,
    run: async (chat, { label, count }) => [reply('history', await chat.history(label, count))],
  }),
  command({
    name: 'search',
    parameters: 'WORDS',
    summary:
      'Find the latest 50 messages with all of the words, in the conversations you are in; the last may be the beginning of a word.',
    example: '/search train tickets',
    family: 5,
    names: null,
    arguments: searchWords,
    run: async (chat, words) => [reply('found', await chat.search(words))],
  }),
  command({
    name: 'export',
    parameters: '[CONVERSATION] FILE',
    summary: 'Write all of a conversation into a new file, a line of JSON for each message.',
    example: '/export #lobby lobby.jsonl',
    family: 5,
    names: 'conversation',
    arguments: exportFile,
    run: async (chat, { label, file }) => [reply('exported', await chat.export(label, file))],
  }),
];
