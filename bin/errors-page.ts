// docs/errors.md, made from the table of outcomes: `npm run docs:errors` writes it, and a spec says when it is stale.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { statusTable } from '../core/protocol/status.js';

const FAMILIES = [
  [1, 'Accounts', '`Registration`, `Login`, `Renewal`, `Account`'],
  [2, 'Rooms', '`ChatRoom`, `Sync`'],
  [3, 'People', '`PRIVATE`, `People`'],
  [4, 'Messages', '`MESSAGE`, on a link between terminals'],
  [5, 'The service itself', 'any request, and commands of a terminal that ask nobody'],
] as const;

const INTRODUCTION = `# Answers and errors

<!-- Made from core/protocol/status.ts by \`npm run docs:errors\`; change the table there. -->

Every request gets one answer with a code and a phrase. An even code is success, an odd one failure; the hundreds say what
the request was about. A phrase keeps its meaning for good: programs decide by it, people read the sentence that comes
with it. "Again" says whether the same request may succeed later without anyone changing anything.
`;

/** The whole page, ending in a newline. */
export function errorsPage(): string {
  return [INTRODUCTION, ...FAMILIES.map(section)].join('\n');
}

function section([family, heading, titles]: (typeof FAMILIES)[number]): string {
  const rows = statusTable
    .filter(({ code }) => Math.floor(code / 100) === family)
    .map(({ code, phrase, meaning, isRetryable, remedy }) =>
      row([String(code), `\`${phrase}\``, meaning, isRetryable ? 'yes' : '', remedy]),
    );
  const head = [row(['code', 'phrase', 'meaning', 'again', 'what to do']), '|---|---|---|---|---|'];
  return [`## ${heading}`, '', `Answers to ${titles}.`, '', ...head, ...rows, ''].join('\n');
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const [, program] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('../../docs/errors.md', import.meta.url), errorsPage());
}
