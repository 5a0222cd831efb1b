// The payload of an event as text: its fields, with the names that accounts had at that time.
import { accountIdSchema } from '../../core/ids.js';
import type { JsonObject } from '../../core/json.js';
import type { Names } from '../subject/names.js';
import { timeText } from './time.js';

/** The fields with a time, in milliseconds since the epoch. */
const TIMES: ReadonlySet<string> = new Set(['deadline', 'heldUntil', 'until']);

/** `account @carol, after @robert, because left`. */
export async function payloadText(names: Names, payload: JsonObject, position: number): Promise<string> {
  const fields = Object.entries(payload).map(async ([field, value]) => {
    const account = accountIdSchema.safeParse(value).data;
    const name = account === undefined ? null : await names.ofAccount(account, position);
    if (name !== null) return `${field} @${name}`;
    if (typeof value === 'number' && TIMES.has(field)) return `${field} ${timeText(value)}`;
    return `${field} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return (await Promise.all(fields)).join(', ');
}
