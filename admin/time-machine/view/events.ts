// The rows of the events around the cursor, and of the parts of the event under it. Pure.
import { fitted } from '../../../screen/paint/grapheme.js';
import { padded, type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { EventShown, Scene } from '../reads.js';
import { shortTime } from './text.js';

const TYPE_COLUMNS = 16;
const NAME_COLUMNS = 12;
/** Narrower lists show the time of day only. */
const DATE_COLUMNS = 60;
/** A narrower list leaves out the actors. The details of the selected event show its actor. */
const ACTOR_COLUMNS = 50;

export function neighbourRows(
  { neighbours }: Scene,
  at: number,
  columns: number,
  theme: Theme,
): readonly Row[] {
  const digits = String(neighbours.at(-1)?.position ?? 0).length;
  return neighbours.map(({ position, recordedAt, type, subject, actor }) => {
    const isCursor = position === at;
    const style = isCursor ? theme.selected : position > at ? theme.faint : theme.text;
    const time = columns >= DATE_COLUMNS ? shortTime(recordedAt) : shortTime(recordedAt).slice(11);
    const names = columns >= ACTOR_COLUMNS ? `${subject} ${actor}` : subject;
    const text = `${isCursor ? '▸' : ' '}${String(position).padStart(digits)} ${time} ${fitted(type, TYPE_COLUMNS)} ${names}`;
    return padded(rowOf([piece(text, style)]), columns, style);
  });
}

export function eventRows(event: EventShown | null, columns: number, theme: Theme): readonly Row[] {
  if (event === null) return [rowOf([piece('The moment before the first event.', theme.faint)])];
  return event.fields.flatMap(({ name, text }) => {
    const room = Math.max(2, columns - NAME_COLUMNS);
    return wrapped([piece(text, theme.text)], room).map((row, index): Row => {
      const label = fitted(index === 0 ? name : '', NAME_COLUMNS);
      return [...rowOf([piece(label, theme.heading)]), ...row];
    });
  });
}
