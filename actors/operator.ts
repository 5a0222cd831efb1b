// The operator as the actor of an event: the metadata of a command from the operator's command line, and how to recognise it.
import type { EventMetadata } from '../core/events/event.js';
import type { Ids } from '../core/ids.js';
import { operatorAccountCommands } from './account/aggregate.js';
import { operatorQuarantineCommands } from './quarantine/aggregate.js';
import { operatorIntegrationCommands } from './integration/aggregate.js';
import { operatorRoomCommands } from './room/aggregate.js';
import { systemMetadata } from './system-command.js';

const OPERATOR = 'operator';

/** No account and no cause; the actor is the operator. */
export const operatorMetadata = (ids: Ids): Omit<EventMetadata, 'command'> => ({
  ...systemMetadata(ids),
  actor: OPERATOR,
});

const COMMANDS: ReadonlySet<string> = new Set([
  ...operatorRoomCommands,
  ...operatorAccountCommands,
  ...operatorQuarantineCommands,
  ...operatorIntegrationCommands,
]);

/** Whether only the operator may send a command of this type. */
export const isOperatorCommand = (type: string): boolean => COMMANDS.has(type);

/**
 * Whether the operator sent the command that recorded an event. Older logs have no actor; the type of the command shows it then.
 */
export const isByOperator = ({ account, actor, command }: EventMetadata): boolean =>
  account === null && (actor === OPERATOR || isOperatorCommand(command?.type ?? ''));
