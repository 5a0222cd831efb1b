// The output of `admin bisect`.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { entryText } from '../log/entry.js';
import { type Look, pointText } from '../look.js';
import { counted } from '../progress.js';
import type { Subject } from '../subject/subject.js';
import { jsonText } from '../text/json.js';
import type { Bisection } from './bisect.js';

export async function bisectionText(
  look: Look,
  { moments, withoutValue, periods }: Bisection,
): Promise<readonly string[]> {
  const [first] = periods;
  const unset = withoutValue === 0 ? '' : `, without a value at ${counted(withoutValue)} of them`;
  const tested = `tested at ${counted(moments)} events${unset}`;
  if (first === undefined) return [`never true, ${tested}`];
  const event = (await look.events([first.from.position]))(first.from.position);
  const stayed =
    first.until === null
      ? 'true until the end'
      : `true until ${pointText(first.until)}, where it became false`;
  const times =
    periods.length === 1 ? [] : [`later periods in which it is true: ${counted(periods.length - 1)}`];
  return [
    `first true at ${pointText(first.from)}`,
    sanitiseLine(await entryText(event, look.names)),
    stayed,
    ...times,
    tested,
  ];
}

export const bisectionJson = (subject: Subject, condition: string, bisection: Bisection): string =>
  jsonText('bisect/1', {
    subject: subject.stream,
    condition,
    first: bisection.periods[0]?.from ?? null,
    hasStayed: bisection.periods.length === 1 && bisection.periods[0]?.until === null,
    ...bisection,
  });
