// docs/reference/commands.md, made from the table of slash commands.
import { commands } from '../../client/commands/table.js';
import { head, row } from './table.js';

const INTRODUCTION = `# The slash commands

<!-- Made from client/commands by \`npm run docs\`; change the definitions there. -->

All faces have the same commands. Parts in brackets are optional. A line without a slash at its start is a message to the
open conversation. A line that starts with two slashes is a message that starts with one. \`/help COMMAND\` shows the text of this page.
`;

/** The whole page. It ends with a newline. */
export function commandsPage(): string {
  const rows = commands.map(({ usage, summary, example }) =>
    row([`\`${usage}\``, summary, example === usage ? '' : `\`${example}\``]),
  );
  return [INTRODUCTION, ...head(['command', 'does', 'for example']), ...rows, ''].join('\n');
}
