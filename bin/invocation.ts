// How whoever reads a sentence of ours can start `partyline` here: as this process was started.
import { basename, relative } from 'node:path';

/** What was started, from where, and by what: of `process` what matters here. */
export interface Started {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

const COMMAND = /\bpartyline (?=(?:up|chat|demo|doctor|admin)\b)/g;

/** `text` with every `partyline chat` and the like as it can be typed here, such as `node bin/partyline.js chat`. */
export function typeable(text: string, started: Started = process): string {
  return text.replace(COMMAND, `${invocation(started)} `);
}

function invocation(started: Started): string {
  const {
    argv: [, program = ''],
    env,
  } = started;
  if (basename(program) === 'partyline') return env['npm_command'] === 'exec' ? 'npx partyline' : 'partyline';
  const near = relative(started.cwd(), program);
  return `node ${near.startsWith('..') ? program : near}`;
}
