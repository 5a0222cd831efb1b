import { readFile } from 'node:fs/promises';
import test from 'ava';
import { pictures } from './screenshots.js';

const docs = new URL('../../docs/', import.meta.url);

test('docs: every picture that the script takes exists and is used', async (t) => {
  const page = await readFile(new URL('reference/dashboard.md', docs), 'utf8');
  for (const name of pictures) {
    t.true((await readFile(new URL(`pictures/${name}.svg`, docs), 'utf8')).startsWith('<svg '), name);
    t.true(page.includes(`](../pictures/${name}.svg)`), name);
  }
  const readme = await readFile(new URL('../README.md', docs), 'utf8');
  t.regex(readme, /]\(docs\/pictures\/[\w-]+\.svg\)/);
});
