// The commands about this terminal: links, diagnostics, help and quit.
import { refusal, success } from '../chat/outcome.js';
import { nothing, optionalWord } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { quoted } from './quoted.js';
import { type CommandSummary, reply } from './reply.js';

const diagnosticCommands: readonly Command[] = [
  command({
    name: 'links',
    parameters: '',
    summary: 'List the links to other terminals, with the carrier of each and the reason for it.',
    example: '/links',
    family: 5,
    names: null,
    arguments: nothing,
    run: async (chat) => [reply('links', await chat.links())],
  }),
  command({
    name: 'why',
    parameters: '',
    summary: 'Explain the last refusal, disconnection or promotion.',
    example: '/why',
    family: 5,
    names: null,
    arguments: nothing,
    run: async (chat) => [reply('why', await chat.why())],
  }),
];

const quitCommand = command({
  name: 'quit',
  parameters: '',
  summary: 'Quit Partyline. You stay a member of your rooms.',
  example: '/quit',
  family: 5,
  names: null,
  isLast: true,
  arguments: nothing,
  run: async () => [reply('done', success(5, 'DONE', null, 'Goodbye.'))],
});

/** `book` gives `/help` its commands: all of them, the one with a given name, or a suggestion for an unknown name. */
export function terminalCommands(book: {
  all(): readonly Command[];
  find(name: string): Command | undefined;
  suggestion(name: string): string;
}): readonly Command[] {
  const helpCommand = command({
    name: 'help',
    parameters: '[COMMAND]',
    summary: 'List the commands, or explain one.',
    example: '/help join',
    family: 5,
    names: 'command',
    arguments: optionalWord,
    run: async (_chat, word) => {
      if (word === null) {
        const message = 'These are the commands. Any other line is a message to the open conversation.';
        return [reply('commands', success(5, 'DONE', { commands: book.all().map(summaryOf) }, message))];
      }
      const name = word.replace(/^\/+/, '');
      const found = book.find(name);
      if (found === undefined) {
        const message = [
          `There is no command ${quoted(`/${name}`)}.`,
          book.suggestion(name),
          '/help lists all commands.',
        ]
          .filter((sentence) => sentence !== '')
          .join(' ');
        return [reply('command', refusal(5, 'INVALID_COMMAND', message))];
      }
      const { summary, usage, example } = found;
      const sample = example === usage ? '' : ` For example: ${example}`;
      const help = { ...summaryOf(found), example };
      return [reply('command', success(5, 'DONE', help, `${usage}: ${summary}${sample}`))];
    },
  });
  return [...diagnosticCommands, helpCommand, quitCommand];
}

function summaryOf({ name, usage, summary }: Command): CommandSummary {
  return { name, usage, summary };
}
