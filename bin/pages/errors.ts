// docs/reference/errors.md, made from the table of outcomes.
import { statusTable } from '../../core/protocol/status.js';
import { head, row } from './table.js';

const FAMILIES = [
  [1, 'Accounts', '`Registration`, `Login`, `Renewal`, `Account`'],
  [2, 'Rooms', '`ChatRoom`, `Sync`'],
  [3, 'People', '`PRIVATE`, `People`'],
  [4, 'Messages', '`MESSAGE`, on a link between terminals'],
  [5, 'The service itself', 'any request, and terminal commands that send no request'],
] as const;

const INTRODUCTION = `# Answers and errors

<!-- Made from core/protocol/status.ts by \`npm run docs\`; change the table there. -->

Every request gets one answer with a code and a phrase. Even codes mean success, odd codes mean failure. The hundreds digit
names the subject of the request. The meaning of a phrase never changes, so programs can rely on it; the sentence that comes
with it is for people. "Again" shows whether the same request may succeed later without any change by the user.
`;

/** The whole page. It ends with a newline. */
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
