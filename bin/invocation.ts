// The command that started this process. Messages contain it, so that their reader can type the same command.
import { basename, relative } from 'node:path';

/** How a process was started: its arguments, environment and folder, in the form of Node's `process`. */
export interface Started {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

const COMMAND = /\bpartyline (?=(?:up|chat|demo|doctor|admin)\b)/g;

/**
 * `text` with each `partyline chat` and similar command written as it can be typed here, such as `node bin/partyline.js
 * chat`.
 */
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
