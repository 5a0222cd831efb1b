// `partyline doctor`: checks what Partyline needs on this machine, and says what to do about what is missing.
import { resolve } from 'node:path';
import { OperatorError } from '../core/errors.js';
import {
  checkBroker,
  checkDatabase,
  checkNode,
  checkPort,
  checkTerminal,
  checkTracker,
  type Finding,
} from './checks.js';
import { TRACKER_HOME } from './local-invite.js';
import type { Values } from './options.js';
import type { doctorSettings } from './settings.js';
import { wrapped } from './wrapped.js';

const MARKS = { good: 'ok  ', note: 'note', bad: 'BAD ' } as const;
const SUBJECT_WIDTH = 9;

/** Prints one line for each check; throws an `OperatorError` if any of them is bad. */
export async function doctor(options: Values<(typeof doctorSettings)[number]>): Promise<void> {
  const home = resolve(options.home ?? TRACKER_HOME);
  const findings: readonly Finding[] = [
    checkNode(process.versions.node),
    await checkBroker(options.natsServer),
    await checkTracker(home),
    await checkPort(options.brokerHost, options.brokerPort, home),
    await checkDatabase(home),
    checkTerminal(process.env, process.stdout),
  ];
  for (const { subject, verdict, says, remedy } of findings) {
    const indent = SUBJECT_WIDTH + 7;
    const row = (text: string): string => `${wrapped(text, process.stdout, indent)}\n`;
    process.stdout.write(`${MARKS[verdict]}  ${subject.padEnd(SUBJECT_WIDTH)} ${row(says)}`);
    if (remedy !== undefined) process.stdout.write(' '.repeat(indent) + row(remedy));
  }
  const bad = findings.filter(({ verdict }) => verdict === 'bad');
  if (bad.length === 0) return;
  throw new OperatorError(
    `${bad.length} of ${findings.length} checks failed: ${bad.map(({ subject }) => subject).join(', ')}`,
    'Do what the lines above say, then run `partyline doctor` again.',
  );
}
