// The pages of docs/ that are generated from the code. `npm run docs` writes them, and a spec fails when one is out of
// date.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { adminPage } from './admin.js';
import { commandsPage } from './commands.js';
import { errorsPage } from './errors.js';
import { libraryPage } from './library.js';
import { machinesPage } from './machines.js';

/** Each page by its file name in docs/. */
export const pages: Readonly<Record<string, () => string>> = {
  'reference/admin.md': adminPage,
  'reference/commands.md': commandsPage,
  'reference/errors.md': errorsPage,
  'reference/library.md': libraryPage,
  'reference/machines.md': machinesPage,
};

const [, program] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  for (const [name, page] of Object.entries(pages)) {
    await writeFile(new URL(`../../../docs/${name}`, import.meta.url), page());
  }
}
