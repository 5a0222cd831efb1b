import test from 'ava';
import { Command, CommanderError } from 'commander';
import { addAdmin } from '../../../bin/admin/admin.js';

/** The error that the command line prints for wrong arguments. */
function errorOf(args: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const admin = addAdmin(program);
  for (const command of admin.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  return program.parseAsync(['admin', ...args], { from: 'user' }).then(
    () => 'no error',
    (error: unknown) => (error instanceof CommanderError ? error.message : String(error)),
  );
}

const ONE_LINE = /Give one line without control characters or invisible characters\./;
const REFUSED: readonly (readonly [args: readonly string[], error: RegExp])[] = [
  [['disable', 'ann', 'too\nloud'], ONE_LINE],
  [['disable', 'ann', 'fine', 'too\r\nloud'], ONE_LINE],
  [['disable', 'ann', '\u202etoo loud'], ONE_LINE],
  [['disable', 'ann', '\u001b[2J'], ONE_LINE],
  [['disable', 'ann', '\u2800'], /The reason shows nothing/],
  [['disable', 'ann', 'x'.repeat(201)], /longer than 200 characters/],
  [['disable', 'ann\u001b[2J'], ONE_LINE],
  [['enable', 'ann\nbob'], ONE_LINE],
  [['log', '--account', 'ann\u0007'], ONE_LINE],
  [['log', '--stream', 'room-01\n'], ONE_LINE],
  [['log', '--type', 'Member\u200bJoined'], ONE_LINE],
];
for (const [args, error] of REFUSED) {
  test(`admin: the arguments ${JSON.stringify(args.map((arg) => arg.slice(0, 20)))} are refused`, async (t) => {
    t.regex(await errorOf(args), error);
  });
}
