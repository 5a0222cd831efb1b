// The table of links to other terminals: for each link its carrier, the reason for this carrier, round trips, loss, queue and
// age. Pure.
import { elapsedTime } from '../../../core/time/duration.js';
import { lossWords } from '../../wording/lists.js';
import { fitted } from '../../../screen/paint/grapheme.js';
import { type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { tripWords } from '../view/titles.js';
import { sparkline } from '../view/sparkline.js';
import type { MonitoredLink } from '../model/link-monitor.js';

export const MONITOR_COLUMNS = 100;

const WIDE = { carrier: 8, trip: 9, loss: 6, queue: 8, since: 13 } as const;
const NARROW = { carrier: 5, trip: 7, loss: 5, queue: 5, since: 11 } as const;
const ROOMY_COLUMNS = 64;
const GAP = ' ';
const NONE =
  'There are no links yet. This terminal links to people who share a room with you and to people you write to in private.';

export function monitorRows(
  links: readonly MonitoredLink[],
  brokerMs: number | null,
  columns: number,
  theme: Theme,
): readonly Row[] {
  const broker = brokerMs === null ? 'No connection to the broker.' : `Broker: ${tripWords(brokerMs)}.`;
  const head = wrapped([piece(broker, theme.overlay)], columns);
  if (links.length === 0) return [...head, [], ...wrapped([piece(NONE, theme.overlay)], columns)];
  const { peer, carrier, spark, trip, loss, queue, since } = tableOf(columns);
  const titles = [
    fitted('PEER', peer),
    fitted('OVER', carrier),
    fitted(spark < 'ROUND TRIPS'.length ? 'TRIPS' : 'ROUND TRIPS', spark),
    fitted('NOW', trip, 'right'),
    fitted('LOSS', loss, 'right'),
    fitted(queue < 'QUEUED'.length ? 'QUEUE' : 'QUEUED', queue, 'right'),
    fitted('SINCE', since, 'right'),
  ];
  const heading = rowOf([piece(titles.join(GAP), { ...theme.overlay, isBold: true })]);
  return [...head, [], heading, ...links.flatMap((link) => linkRows(link, columns, theme))];
}

/** The width of each column. Names and bars share the width that the other columns leave. */
function tableOf(columns: number) {
  const fixed = columns < ROOMY_COLUMNS ? NARROW : WIDE;
  const left = columns - Object.values(fixed).reduce((sum, wide) => sum + wide, 0) - 6 * GAP.length;
  const peer = Math.max(8, Math.min(24, Math.floor(left * 0.45)));
  return { ...fixed, peer, spark: Math.max(4, left - peer) };
}

function linkRows(one: MonitoredLink, columns: number, theme: Theme): readonly Row[] {
  const { peer, carrier, choice, isVerified, reason, rttMs, loss, roundTrips, queued, ageMs } = one;
  const table = tableOf(columns);
  const style = carrier === null ? theme.bad : theme.good;
  const main = rowOf([
    piece(fitted(isVerified ? `${peer} ✓` : peer, table.peer), { ...theme.overlay, isBold: true }),
    piece(GAP + fitted(carrier ?? 'none', table.carrier), style),
    piece(GAP + sparkline(roundTrips, table.spark), theme.heading),
    piece(GAP + fitted(rttMs === null ? '' : tripWords(rttMs), table.trip, 'right'), theme.overlay),
    piece(GAP + fitted(lossWords(loss), table.loss, 'right'), theme.overlay),
    piece(GAP + fitted(String(queued), table.queue, 'right'), queued > 0 ? theme.unread : theme.overlay),
    piece(GAP + fitted(elapsedTime(ageMs), table.since, 'right'), theme.overlay),
  ]);
  const only = choice === 'auto' ? '' : `You chose to use only ${choice}. `;
  const why = wrapped([piece(only + reason, theme.faint)], Math.max(10, columns - 2));
  return [main, ...why.map((row) => [...rowOf([piece('  ', theme.overlay)]), ...row])];
}
