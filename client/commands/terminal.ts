// The commands about this terminal: links, diagnostics, options, help and quit.
import { settings } from '../../core/config.js';
import { refusal, type Success, success } from '../chat/outcome.js';
import { nothing, optionalWord } from './arguments/arguments.js';
import { type FaceOptions, type OptionChange, optionChoices, optionRequest } from './arguments/options.js';
import { type Command, command } from './definition.js';
import { quoted } from './quoted.js';
import { type CommandSummary, type ListedOption, reply } from './reply.js';

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

const NO_OPTIONS = refusal(
  5,
  'INVALID_COMMAND',
  'Only the dashboard has options that /set can change. Set the options of this terminal when you start it: partyline chat --help lists them.',
);

const setCommand = command({
  name: 'set',
  parameters: '[OPTION [VALUE]]',
  summary:
    'List the options of the dashboard that can change while it runs, or change one until the dashboard ends.',
  example: '/set theme light',
  family: 5,
  names: 'option',
  arguments: optionRequest,
  run: async (_chat, request, options) => {
    if (options === null) return [reply('options', NO_OPTIONS)];
    if (request.kind === 'change') return [reply('done', await changed(request.change, options))];
    const values = options.values();
    const rows = request.names.map((name): ListedOption => {
      return { name, value: values[name], choices: optionChoices[name] };
    });
    const message = 'Change an option with /set OPTION VALUE. The change lasts until the dashboard ends.';
    return [reply('options', success(5, 'DONE', { options: rows }, message))];
  },
});

async function changed(change: OptionChange, options: FaceOptions): Promise<Success> {
  const { name, value } = change;
  if (options.values()[name] === value)
    return success(5, 'DONE', null, `The option ${name} is already ${value}. Nothing has changed.`);
  await options.choose(change);
  const message = `The option ${name} is now ${value}, until the dashboard ends.${changeHint(change)}`;
  return success(5, 'DONE', null, message);
}

/** The place where the change shows, or the flag and the variable that set the same value at the start. May be empty. */
function changeHint({ name, value }: OptionChange): string {
  if (name === 'members' && value === 'on') return ' The members of a room are listed beside its window.';
  if (name !== 'theme' && name !== 'ascii') return '';
  const { flag, env } = settings[name];
  const [bareFlag] = flag.split(' ', 1);
  const written = name === 'ascii' ? { on: '1', off: '0' }[value] : value;
  return ` To keep it, start with ${bareFlag} ${written} or ${env}=${written}.`;
}

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
    isIndependent: true,
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
  return [...diagnosticCommands, setCommand, helpCommand, quitCommand];
}

function summaryOf({ name, usage, summary }: Command): CommandSummary {
  return { name, usage, summary };
}
