// A moment inside of one decision: a command recorded several events at once, and only some of them have happened at the position. A
// room can then be without an admin, although the tracker never shows it so.
import { z } from 'zod';
import { readLogRows } from '../../core/events/verification/log-reader.js';
import type { JsonObject } from '../../core/json.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { jsonObjectOf } from '../log/steps.js';
import { type Look, type Point, pointOf, pointText } from '../look.js';
import { payloadText } from '../text/payload.js';

export interface UnfinishedDecision {
  /** The place of the event at the moment among the events of the decision, from 1, and their number. */
  readonly part: number;
  readonly parts: number;
  /** The last event of the decision. */
  readonly end: Point;
  /** The events of the decision after the moment. */
  readonly following: readonly {
    readonly position: number;
    readonly type: string;
    readonly payload: JsonObject;
  }[];
}

/** Null if the event at the position is not of the stream, or is the last event of its decision. */
export async function unfinishedDecision(
  { sql }: Look,
  stream: string,
  position: number,
): Promise<UnfinishedDecision | null> {
  const at = async (place: number): Promise<Place | undefined> => {
    const [row] = await readLogRows(sql, { after: place - 1, limit: 1 });
    const found = placeSchema.safeParse(row).data;
    return found?.position === place ? found : undefined;
  };
  const event = await at(position);
  if (event?.stream !== stream) return null;
  const following: Place[] = [];
  for (let last = event; ; ) {
    const next = await at(last.position + 1);
    if (next === undefined || !areTogether(last, next)) break;
    following.push(next);
    last = next;
  }
  const end = following.at(-1);
  if (end === undefined) return null;
  let part = 1;
  for (let first = event; ; part += 1) {
    const before = await at(first.position - 1);
    if (before === undefined || !areTogether(before, first)) break;
    first = before;
  }
  return {
    part,
    parts: part + following.length,
    end: pointOf(end),
    following: following.map(({ position: place, type, payload }) => ({
      position: place,
      type,
      payload: jsonObjectOf(payload) ?? {},
    })),
  };
}

/** The columns of a row, whose texts may be damaged: other events must not keep a moment from being shown. */
const placeSchema = z.object({
  position: z.number(),
  recordedAt: z.number(),
  stream: z.string(),
  version: z.number(),
  type: z.string(),
  payload: z.string(),
  metadata: z.string(),
});
type Place = z.infer<typeof placeSchema>;

/** Whether one command recorded two events, of which the second follows the first. */
const areTogether = (first: Place, second: Place): boolean =>
  first.stream === second.stream &&
  first.version === second.version - 1 &&
  first.metadata === second.metadata;

export async function decisionLines(
  { names }: Look,
  { part, parts, end, following }: UnfinishedDecision,
): Promise<readonly string[]> {
  const events = following.map(async ({ position, type, payload }) =>
    sanitiseLine(`  ${position}  ${type}  ${await payloadText(names, payload, position)}`),
  );
  return [
    `event ${part} of ${parts} of one decision, which ends at ${pointText(end)}, with:`,
    ...(await Promise.all(events)),
  ];
}
