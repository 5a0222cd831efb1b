// The actions of `partyline admin rooms` and `admin accounts`.
import {
  type AccountListed,
  listAccounts,
  listRooms,
  type RoomListed,
} from '../../../admin/administration/lists.js';
import { accountJson, accountsText, roomJson, roomsText } from '../../../admin/administration/lists-text.js';
import type { Look, Point } from '../../../admin/look.js';
import type { Moment } from '../../../admin/moment.js';
import { createPaint, type Paint } from '../../../admin/text/paint.js';
import type { Readable } from '../home-command.js';
import { look } from '../looking-actions.js';

interface ListOptions extends Readable {
  readonly at?: Moment;
  /** `all` or a state. */
  readonly state: string;
  /** Only entries without an activity in this many milliseconds before the moment. */
  readonly inactive?: number;
}

export const rooms = (options: ListOptions): Promise<void> =>
  list<RoomListed>(options, { read: listRooms, text: roomsText, json: roomJson });

export const accounts = (options: ListOptions): Promise<void> =>
  list<AccountListed>(options, { read: listAccounts, text: accountsText, json: accountJson });

interface Listing<Entry> {
  readonly read: (from: Look, at: Point) => AsyncGenerator<Entry, void>;
  readonly text: (entries: readonly Entry[], paint: Paint) => readonly string[];
  readonly json: (entry: Entry, at: Point) => string;
}

async function list<Entry extends { readonly state: string; readonly lastActivity: Point | null }>(
  { home, at, state, inactive, json = false }: ListOptions,
  listing: Listing<Entry>,
): Promise<void> {
  await look(home, async (from) => {
    const point = await from.pointAt(at);
    const isShown = (entry: Entry): boolean =>
      (state === 'all' || state === entry.state) &&
      (inactive === undefined || isInactive(entry, point, inactive));
    return (async function* () {
      const entries: Entry[] = [];
      for await (const entry of listing.read(from, point)) {
        if (!isShown(entry)) continue;
        if (json) yield listing.json(entry, point);
        else entries.push(entry);
      }
      if (!json) yield listing.text(entries, createPaint(process.stdout, process.env)).join('\n');
    })();
  });
}

function isInactive(
  { lastActivity }: { readonly lastActivity: Point | null },
  at: Point,
  durationMs: number,
): boolean {
  if (lastActivity?.time === undefined || lastActivity.time === null || at.time === null) return true;
  return Date.parse(at.time) - Date.parse(lastActivity.time) >= durationMs;
}
