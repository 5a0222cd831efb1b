// An account at a moment, as `admin show` shows it.
import { z } from 'zod';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import { type Look, type Point, pointOf } from '../look.js';
import { entriesOf } from '../state/state.js';
import type { Subject } from '../subject/subject.js';
import { timeText } from '../text/time.js';

export interface AccountShown {
  readonly kind: 'account';
  readonly id: string;
  /** Null if the name was redacted, or the account did not exist yet. */
  readonly name: string | null;
  readonly nameNow: string | null;
  readonly at: Point;
  readonly state: 'unregistered' | 'active' | 'disabled';
  /** The number of the account's events up to the moment. */
  readonly version: number;
  readonly registered: Point | null;
  /** While logins have to wait: since when, and until when; null otherwise. */
  readonly throttled: (Point & { readonly until: string }) | null;
  readonly disabled: (Point & { readonly reason: string | null }) | null;
  /** Oldest first; a redacted name is null. */
  readonly names: readonly {
    readonly name: string | null;
    readonly from: Point;
    readonly until: Point | null;
  }[];
  readonly devices: readonly {
    readonly device: string;
    readonly name: string | null;
    readonly enrolled: Point;
  }[];
  /** The rooms that the account is a member of, in the order of joining. */
  readonly rooms: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly joined: Point;
    readonly isAdmin: boolean;
  }[];
}

const withName = z.object({ name: z.string() });
const withReason = z.object({ reason: z.string() });
const withEnd = z.object({ until: z.number() });

export async function showAccount(look: Look, subject: Subject, at: Point): Promise<AccountShown> {
  const state = await look.states.account(subject.stream, at.position);
  const { snapshot } = state;
  const devices = entriesOf(state, 'devices', snapshot.context.devices);
  const { AccountRegistered, LoginThrottled, AccountDisabled } = state.sources.latest;
  const singles = [AccountRegistered, LoginThrottled, AccountDisabled];
  const event = await look.events([
    ...devices.map(({ position }) => position),
    ...singles.flatMap((one) => one ?? []),
  ]);
  const eventAt = (position: number | undefined) => (position === undefined ? null : event(position));
  const throttled = snapshot.matches({ active: 'throttled' }) ? eventAt(LoginThrottled) : null;
  const disabled = snapshot.matches('disabled') ? eventAt(AccountDisabled) : null;
  const registered = eventAt(AccountRegistered);
  const namings = await look.names.ofStream(subject.stream);
  const end = await look.end();
  return {
    kind: 'account',
    id: subject.stream,
    name: await look.names.ofAccount(subject.id, at.position),
    nameNow: await look.names.ofAccount(subject.id, end),
    at,
    state: disabled !== null ? 'disabled' : snapshot.matches('unregistered') ? 'unregistered' : 'active',
    version: state.version,
    registered: registered && pointOf(registered),
    throttled: throttled && {
      ...pointOf(throttled),
      until: timeText(withEnd.parse(throttled.payload).until),
    },
    disabled: disabled && {
      ...pointOf(disabled),
      reason: withReason.safeParse(disabled.personal).data?.reason ?? null,
    },
    names: namings.flatMap((naming, index) => {
      if (naming.position > at.position) return [];
      const next = namings[index + 1];
      const isOver = next !== undefined && next.position <= at.position;
      return { name: naming.name, from: pointOf(naming), until: isOver ? pointOf(next) : null };
    }),
    devices: devices.map(({ value, position }) => ({
      device: value,
      name: withName.safeParse(event(position).personal).data?.name ?? null,
      enrolled: pointOf(event(position)),
    })),
    rooms: await roomsAt(look, subject, at.position),
  };
}

// The derived tables serve as an index: they keep every membership. The log has the events that began and ended it.
const STAYS = `SELECT ${bytes('m.room')} AS room, joined.position AS joined, joined.recorded_at AS "recordedAt",
    gone.position AS gone
  FROM memberships m
  JOIN events joined ON joined.stream = m.room AND joined.version = m.joined_version
  LEFT JOIN events gone ON gone.stream = m.room AND gone.version = m.left_version
  WHERE m.account = ? AND joined.position <= ? AND (gone.position IS NULL OR gone.position > ?)
  ORDER BY joined.position`;
const stayRow = z.object({ room: z.string(), joined: z.number(), recordedAt: z.number() });

async function roomsAt(look: Look, { id }: Subject, position: number): Promise<AccountShown['rooms']> {
  const rows = await look.sql.all(STAYS, [id, position, position]);
  return Promise.all(
    rows.map(async (row) => {
      const { room, joined, recordedAt } = stayRow.parse(decoded(row));
      const { admins } = (await look.states.room(room, position)).snapshot.context;
      return {
        id: room,
        name: await look.names.ofRoom(room, position),
        joined: pointOf({ position: joined, recordedAt }),
        isAdmin: admins.some((admin) => admin === id),
      };
    }),
  );
}
