// The commands about past messages.
import { type Command, command } from './definition.js';
import { exportFile, historyPage, optionalOk, searchWords } from './arguments/history.js';
import { reply } from './reply.js';

export const historyCommands: readonly Command[] = [
  command({
    name: 'history',
    parameters: '[CONVERSATION] [COUNT]',
    summary:
      'Show the latest messages of a conversation, newest last: #room or @user (default: the open one), and how many (default: 20).',
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
      'Find the latest 50 messages that contain all of the words, in all your conversations. The last word may be incomplete.',
    example: '/search train tickets',
    family: 5,
    names: null,
    arguments: searchWords,
    run: async (chat, words) => [reply('found', await chat.search(words))],
  }),
  command({
    name: 'export',
    parameters: '[CONVERSATION] FILE',
    summary: 'Write a whole conversation to a new file, one line of JSON per message.',
    example: '/export #lobby lobby.jsonl',
    family: 5,
    names: 'conversation',
    arguments: exportFile,
    run: async (chat, { label, file }) => [reply('exported', await chat.export(label, file))],
  }),
  command({
    name: 'retention',
    parameters: '[ok]',
    summary:
      'Show how long this terminal keeps messages, and whether a deletion waits for your consent. With ok, consent to it.',
    example: '/retention ok',
    family: 5,
    names: null,
    arguments: optionalOk,
    run: async (chat, isOk) => [
      reply('retention', isOk ? await chat.deleteExpired() : await chat.retention()),
    ],
  }),
];
