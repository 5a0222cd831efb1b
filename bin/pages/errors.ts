// docs/reference/errors.md, made from the table of outcomes.
import { statusTable } from '../../core/protocol/status.js';
import { head, row } from './table.js';

const FAMILIES = [
  [1, 'Accounts', '`Registration`, `Login`, `Renewal`, `Account`'],
  [2, 'Rooms', '`ChatRoom`, `Sync`'],
  [3, 'People', '`PRIVATE`, `People`'],
  [4, 'Messages', '`MESSAGE`, on a link between terminals'],
  [5, 'The service itself', 'any request, and commands of a terminal that ask nobody'],
] as const;

const INTRODUCTION = `# Answers and errors

<!-- Made from core/protocol/status.ts by \`npm run docs\`; change the table there. -->

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
  return [
    `## ${heading}`,
    '',
    `Answers to ${titles}.`,
    '',
    ...head(['code', 'phrase', 'meaning', 'again', 'what to do']),
    ...rows,
    '',
  ].join('\n');
}
