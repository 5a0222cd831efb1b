// docs/reference/commands.md, made from the table of slash commands.
import { commands } from '../../client/commands/table.js';
import { head, row } from './table.js';

const INTRODUCTION = `# The slash commands

<!-- Made from client/commands by \`npm run docs\`; change the definitions there. -->

The same in all faces. What stands in brackets may be left out. A line that starts with no slash is a message to the
conversation that is open; one that starts with two is a message that starts with one. \`/help COMMAND\` shows the same as here.
`;

/** The whole page, ending in a newline. */
export function commandsPage(): string {
  const rows = commands.map(({ usage, summary, example }) =>
    row([`\`${usage}\``, summary, example === usage ? '' : `\`${example}\``]),
  );
  return [INTRODUCTION, ...head(['command', 'does', 'for example']), ...rows, ''].join('\n');
}
