// The commands of `partyline admin` that decide recorded commands again. They change nothing.
import { type Command, InvalidArgumentError } from 'commander';
import { RULES, type Rules } from '../../../admin/rehearsal/what-if/rules.js';
import { count, JSON_LINES, JSON_OBJECT, line, MOMENT, moment, SUBJECT } from '../arguments.js';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds the commands with `command`, which makes one from its name and description. */
export function addRehearsal(command: (name: string, description: string) => Command): void {
  command(
    'rehearse',
    'Decide all recorded commands again with this version and apply all events; fails at the first difference.',
  )
    .option('--json', JSON_OBJECT)
    .action(async (options) => (await actions()).rehearsal(options));
  command(
    'what-if',
    'Decide the recorded commands again as if events had not happened, commands had been added, or rules were different.',
  )
    .option(
      '--drop <positions...>',
      'Leave out the commands that recorded the events at these positions.',
      positions,
    )
    .option(
      '--insert <file>',
      'Commands to add: one JSON object a line, each with the position before which it acts.',
    )
    .option('--rule <name=value...>', 'Decide under other rules, such as members-per-room=8.', rules)
    .option('--rules', 'Only list the rules with their present values.')
    .option('--json', JSON_LINES)
    .action(async (options) => (await actions()).whatIf(options));
  command('bisect', 'Find the first event after which a condition on a room or an account is true.')
    .argument('<subject>', SUBJECT, line)
    .argument(
      '<condition>',
      "a CEL expression over the fields of `show --json`, such as 'size(members) > 2'",
      line,
    )
    .option('--at <moment>', `Only events up to this moment: ${MOMENT}.`, moment)
    .option('--json', JSON_OBJECT)
    .action(async (subject, condition, options) => (await actions()).bisection(subject, condition, options));
}

/** Appends a position to those so far. */
const positions = (text: string, before: readonly number[] = []): readonly number[] => [
  ...before,
  count(text),
];

/** Adds a rule to those so far. */
function rules(text: string, before: Rules = {}): Rules {
  const [name, ...value] = text.split('=');
  const rule = RULES.find((one) => one.name === name);
  if (rule === undefined) {
    throw new InvalidArgumentError(`The rules are ${RULES.map((one) => one.name).join(', ')}.`);
  }
  const parsed = rule.parse(value.join('='));
  if (parsed === null) throw new InvalidArgumentError(`Give ${rule.name}=${rule.forms}.`);
  return { ...before, ...parsed };
}
