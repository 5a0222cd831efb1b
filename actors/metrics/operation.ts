// The operation of a request as a metrics label. Only known operations become labels, because requests may contain anything.
import { z } from 'zod';
import type { Title } from '../../core/protocol/envelope.js';
import {
  accountOperationSchema,
  peopleOperationSchema,
  roomOperationSchema,
} from '../../core/protocol/operations.js';

const namesOf = (
  options: readonly { readonly shape: { readonly operation: { readonly value: string } } }[],
): ReadonlySet<string> => new Set(options.map(({ shape }) => shape.operation.value));

const operations: Readonly<Partial<Record<Title, ReadonlySet<string>>>> = {
  Account: namesOf(accountOperationSchema.options),
  ChatRoom: namesOf(roomOperationSchema.options),
  People: namesOf(peopleOperationSchema.options),
};

const askedSchema = z.object({ operation: z.string() });

/** Empty for titles without operations; `unknown` for an operation that the title does not have. */
export function operationOf(title: Title, data: unknown): string {
  const known = operations[title];
  if (known === undefined) return '';
  const asked = askedSchema.safeParse(data);
  return asked.success && known.has(asked.data.operation) ? asked.data.operation : 'unknown';
}
