// `partyline doctor`: checks everything that Partyline needs on this machine and says how to fix each problem.
import { resolve } from 'node:path';
import { OperatorError } from '../core/errors.js';
import {
  checkBroker,
  checkHome,
  checkKeys,
  checkNode,
  checkPort,
  checkTerminal,
  checkTracker,
  type Finding,
} from './checks.js';
import { checkDatabase, checkStreams } from './database-checks.js';
import { typeable } from './invocation.js';
import { TRACKER_HOME } from '../client/profile/local-invite.js';
import type { Values } from './options.js';
import type { doctorSettings } from './settings.js';
import { wrapped } from './wrapped.js';

const MARKS = { good: 'ok  ', note: 'note', bad: 'BAD ' } as const;
const SUBJECT_WIDTH = 9;

/** Prints one line per check. Throws an `OperatorError` if any check failed. */
export async function doctor(options: Values<(typeof doctorSettings)[number]>): Promise<void> {
  const home = resolve(options.home ?? TRACKER_HOME);
  const findings: readonly Finding[] = [
    checkNode(process.versions.node),
    await checkBroker(options.natsServer),
    await checkTracker(home),
    await checkPort(options.brokerHost, options.brokerPort, home),
    await checkHome(home),
    await checkKeys(home),
    await checkDatabase(home),
    ...[await checkStreams(home)].filter((finding) => finding !== null),
    checkTerminal(process.env, process.stdout),
  ];
  for (const { subject, verdict, says, remedy } of findings) {
    const indent = SUBJECT_WIDTH + 7;
    const row = (text: string): string => `${wrapped(typeable(text), process.stdout, indent)}\n`;
    process.stdout.write(`${MARKS[verdict]}  ${subject.padEnd(SUBJECT_WIDTH)} ${row(says)}`);
    if (remedy !== undefined) process.stdout.write(' '.repeat(indent) + row(remedy));
  }
  const bad = findings.filter(({ verdict }) => verdict === 'bad');
  if (bad.length === 0) return;
  throw new OperatorError(
    `${bad.length} of ${findings.length} checks failed: ${bad.map(({ subject }) => subject).join(', ')}`,
    'Follow the advice above, then run `partyline doctor` again.',
  );
}
