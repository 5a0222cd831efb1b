// docs/reference/admin.md, made from the definitions of the commands of `partyline admin`.
import { type Argument, Command, type Option } from 'commander';
import { addAdmin } from '../admin/admin.js';
import { head, row } from './table.js';

const INTRODUCTION = `# The commands of \`partyline admin\`

<!-- Made from bin/admin by \`npm run docs\`; change the definitions there. -->

Each command works on the home of a tracker on this machine: \`--home DIR\`, else the variable \`PARTYLINE_HOME\`, else \`.partyline\`. The exit
code is 0 if the command succeeded, 1 if it failed or found an error, and 2 after wrong usage. \`--help\` after a command shows its text on
this page. The tutorial is [admin.md](../admin.md).
`;

/** The whole page. It ends with a newline. */
export function adminPage(): string {
  const admin = addAdmin(new Command('partyline'));
  return [INTRODUCTION, ...admin.commands.flatMap((command) => sections(command, ''))].join('\n');
}

/** The section of a command, or those of its own commands. */
function sections(command: Command, before: string): readonly string[] {
  const name = `${before}${command.name()}`;
  if (command.commands.length === 0) return [section(command, name)];
  return command.commands.flatMap((one) => sections(one, `${name} `));
}

function section(command: Command, name: string): string {
  const rows = [
    ...command.registeredArguments.map((argument) => row([`\`${placed(argument)}\``, argument.description])),
    ...command.options.filter(({ long }) => long !== '--home').map(rowOf),
  ];
  return [
    `## \`${name}\``,
    '',
    `\`partyline admin ${name} ${command.usage()}\``,
    '',
    command.description(),
    '',
    ...(rows.length === 0 ? [] : [...head(['argument or option', 'means']), ...rows, '']),
  ].join('\n');
}

const rowOf = ({ flags, description }: Option): string => row([`\`${flags}\``, description]);

function placed(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
