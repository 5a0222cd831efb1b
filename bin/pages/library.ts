// docs/reference/library.md: the declarations that the compiler made for the library. A change of the interface changes this page.
import { readFileSync } from 'node:fs';

const PARTS = [
  ['The connection', 'library/connect'],
  ['The chat', 'library/api'],
  ['Errors', 'library/error'],
  ['Objects', 'json/shapes'],
] as const;

const INTRODUCTION = `# The library for bots

<!-- Made from the declarations of client/library by \`npm run docs\`; change the sources there. -->

Everything that \`import { connect } from 'partyline'\` offers, as the compiler declares it. [Write a bot](../bots.md) is the tutorial.
Existing fields and functions keep their meaning; new ones may be added.
`;

/** The whole page. It ends with a newline. Needs the declarations of a whole build. */
export function libraryPage(): string {
  return [INTRODUCTION, ...PARTS.map(section)].join('\n');
}

function section([heading, name]: (typeof PARTS)[number]): string {
  const declarations = readFileSync(new URL(`../../client/${name}.d.ts`, import.meta.url), 'utf8');
  return [`## ${heading}`, '', '```ts', declarations.trim(), '```', ''].join('\n');
}
