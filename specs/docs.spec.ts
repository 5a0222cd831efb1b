// The documents match the code: limits, settings, and the commands of the README.
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { pages } from '../bin/pages/all.js';
import { settings } from '../core/config.js';
import { limits } from '../core/protocol/limits.js';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'docs/reference/configuration.md',
  'docs/how-to/run-a-tracker.md',
  'docs/explanation/security.md',
];

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test('docs: LIMITS.md lists every limit of the protocol with its value', (t) => {
  const text = read('LIMITS.md');
  for (const [name, value] of Object.entries(limits)) {
    const row = text.split('\n').find((line) => line.includes(`\`${name}\``));
    t.truthy(row, name);
    const figures: readonly string[] = (row ?? '').replaceAll(',', '').match(/\d+/g) ?? [];
    t.true(figures.includes(String(value)), `${name} is ${value}`);
  }
});

test('docs: docs/reference/configuration.md lists every setting as in the table', (t) => {
  const lines = read('docs/reference/configuration.md').split('\n');
  for (const { flag, env, fallback, description } of Object.values(settings)) {
    const value = fallback === undefined ? 'see right' : `\`${fallback}\``;
    t.true(lines.includes(`| \`${flag}\` | \`${env}\` | ${value} | ${description} |`), flag);
  }
});

for (const [name, page] of Object.entries(pages)) {
  test(`docs: docs/${name} matches the code; npm run docs regenerates it`, (t) => {
    t.is(read(`docs/${name}`), page());
  });
}

for (const [document, atLeast] of [
  ['docs/explanation/security.md', 15],
  ['ARCHITECTURE.md', 40],
  ['CONTRIBUTING.md', 5],
] as const) {
  test(`docs: every file that ${document} names exists`, (t) => {
    const named = [...read(document).matchAll(/`((?:core|actors|client|specs|bin)\/[\w/.-]+)`/g)];
    t.true(named.length >= atLeast, String(named.length));
    for (const [, path = ''] of named) t.true(existsSync(new URL(`../../${path}`, import.meta.url)), path);
  });
}

test('docs: every npm script that a document names exists', (t) => {
  const { scripts } = JSON.parse(read('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  for (const document of documents) {
    for (const [, script] of read(document).matchAll(/npm run ([a-z:]+)/g)) {
      t.true(script !== undefined && script in scripts, `${document}: npm run ${script}`);
    }
  }
});
