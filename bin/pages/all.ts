// The pages of docs/ that are made from the code: `npm run docs` writes them, and a spec says when one is stale.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commandsPage } from './commands.js';
import { errorsPage } from './errors.js';
import { machinesPage } from './machines.js';

/** By the name of the file in docs/. */
export const pages: Readonly<Record<string, () => string>> = {
  'reference/commands.md': commandsPage,
  'reference/errors.md': errorsPage,
  'reference/machines.md': machinesPage,
};

const [, program] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  for (const [name, page] of Object.entries(pages)) {
    await writeFile(new URL(`../../../docs/${name}`, import.meta.url), page());
  }
}
