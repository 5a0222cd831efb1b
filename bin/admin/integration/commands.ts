// The commands of `partyline admin integration`.
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type IntegrationName,
  integrationNameSchema,
  type Scope,
  scopeSchema,
  SCOPES,
} from '../../../core/bus/integration/scope.js';
import { explain } from '../../../core/protocol/envelope.js';
import { withSettings } from '../../options.js';
import { duration, reason } from '../administration/commands.js';
import { JSON_LINES, JSON_OBJECT, line, MOMENT, moment } from '../arguments.js';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds `integration` with its commands to `admin`. */
export function addIntegration(admin: Command): void {
  const integration = admin
    .command('integration')
    .description('Grant other programs access to this tracker over NATS, and take it away.');
  const command = (name: string, description: string): Command =>
    withSettings(integration.command(name).description(description), ['home']);
  const change = (made: Command): Command =>
    made
      .argument('<name>', 'the name of the integration: lower-case letters, digits and "-"', integrationName)
      .addOption(
        new Option('--reason <text>', 'The reason, for the log.').argParser(reason).makeOptionMandatory(),
      )
      .option('--json', JSON_OBJECT);
  const issue = (made: Command): Command =>
    change(made)
      .option(
        '--expires <duration>',
        'How long the credentials are valid, such as 90d; by default for ever.',
        lifetime,
      )
      .option('--out <file>', 'The file for the credentials; by default NAME.creds in this folder.', line);

  issue(command('add', 'Grant a program access, and write its credentials.'))
    .addOption(
      new Option('--scope <scope...>', `What it may do: ${SCOPES.join(', ')}.`)
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--room <room...>', "Only these rooms: '#room', a name, or an id. By default all rooms.", rooms)
    .option(
      '--since <moment>',
      `The first event that it can read: ${MOMENT}; by default the first of all.`,
      moment,
    )
    .action(async (name, options) => (await actions()).add(name, options));
  issue(command('rotate', 'Write new credentials for an integration. The former ones are void.'))
    .addOption(
      new Option('--scope <scope...>', 'Other scopes, instead of the present ones.').argParser(scopes),
    )
    .option('--room <room...>', 'Other rooms, instead of the present ones.', rooms)
    .option('--all-rooms', 'All rooms, instead of the present ones.')
    .action(async (name, options) => (await actions()).rotate(name, options));
  change(command('revoke', 'Take the access of an integration away and disconnect it.')).action(
    async (name, options) => (await actions()).revoke(name, options),
  );
  command('list', 'List the integrations with their state, scopes, rooms and expiry.')
    .option('--json', JSON_LINES)
    .action(async (options) => (await actions()).list(options));
  command('show', 'Show an integration and its history.')
    .argument('<name>', 'the name of the integration', integrationName)
    .option('--json', JSON_OBJECT)
    .action(async (name, options) => (await actions()).show(name, options));
}

function integrationName(text: string): IntegrationName {
  const parsed = integrationNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(explain(parsed.error));
}

function scopes(text: string, before: readonly Scope[] | undefined): readonly Scope[] {
  const parsed = scopeSchema.safeParse(text);
  if (parsed.success) return [...(before ?? []), parsed.data];
  throw new InvalidArgumentError(`Give one or more of: ${SCOPES.join(', ')}.`);
}

const rooms = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  line(text),
];

function lifetime(text: string): number {
  const parsed = duration(text);
  if (parsed > 0) return parsed;
  throw new InvalidArgumentError('Give a duration of at least one second, such as 90d.');
}
