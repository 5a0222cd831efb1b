// The succession of a room as a timeline: for each admin, from when to when they were admin, how this began and why it ended.
import { z } from 'zod';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { type Look, type Point, pointOf } from '../look.js';
import { readStreamSteps, type Step } from '../log/steps.js';
import { emptyState, stateAfter } from '../state/state.js';
import { type Person, personAt, personText } from '../subject/person.js';
import type { Subject } from '../subject/subject.js';
import type { Paint } from '../text/paint.js';
import { tableLines } from '../text/table.js';
import { type Beginning, successionText } from './cause.js';

/** One period in which a person was admin. The names are those at its beginning. */
export interface Tenure extends Person, Beginning {
  readonly from: Point;
  /** Null if the period has not ended at the moment. */
  readonly until: Point | null;
  /** The type of the event that ended the period, and the person who caused that event. */
  readonly ending: {
    readonly event: string;
    readonly by: Person | null;
    readonly because: string | null;
  } | null;
}

export interface Timeline {
  readonly room: { readonly id: string; readonly name: string | null };
  readonly at: Point;
  /** In the order of their beginnings. */
  readonly tenures: readonly Tenure[];
}

interface Reign {
  readonly account: string;
  readonly began: Step;
  ended: Step | null;
}

const succession = z.object({ after: z.string(), because: z.string().default('left') });
const leaving = z.object({ because: z.string() });

export async function readTimeline(look: Look, subject: Subject, at: Point): Promise<Timeline> {
  const reigns = await reignsOf(look, subject, at.position);
  const positions = reigns.flatMap(({ began, ended }) => [began.position, ended?.position ?? began.position]);
  const event = await look.events(positions);
  const end = await look.end();
  const actor = async (position: number): Promise<Person | null> => {
    const { account } = event(position).metadata;
    return account === null ? null : personAt(look.names, account, position, end);
  };
  const tenures = reigns.map(async ({ account, began, ended }): Promise<Tenure> => {
    const cause = succession.safeParse(began.type === 'AdminSucceeded' ? began.payload : null).data;
    return {
      ...(await personAt(look.names, account, began.position, end)),
      from: pointOf(began),
      event: began.type,
      after: cause === undefined ? null : await personAt(look.names, cause.after, began.position, end),
      because: cause?.because ?? null,
      // A rule chooses the successor, not the account whose command caused the succession.
      by: began.type === 'AdminSucceeded' ? null : await actor(began.position),
      until: ended && pointOf(ended),
      ending: ended && {
        event: ended.type,
        by: await actor(ended.position),
        because: leaving.safeParse(ended.payload).data?.because ?? null,
      },
    };
  });
  const name = await look.names.ofRoom(subject.stream, at.position);
  return { room: { id: subject.stream, name }, at, tenures: await Promise.all(tenures) };
}

async function reignsOf({ sql }: Look, { stream }: Subject, upTo: number): Promise<readonly Reign[]> {
  const reigns: Reign[] = [];
  let state = emptyState(roomAggregate, stream);
  for await (const steps of readStreamSteps(sql, { stream, afterVersion: 0, upTo })) {
    for (const step of steps) {
      const { admins: before } = state.snapshot.context;
      state = stateAfter(state, step);
      const { admins } = state.snapshot.context;
      if (admins === before && !state.snapshot.matches('closed')) continue;
      const isLeading = (account: string): boolean =>
        admins.some((admin) => admin === account) && !state.snapshot.matches('closed');
      for (const reign of reigns) {
        if (reign.ended === null && !isLeading(reign.account)) reign.ended = step;
      }
      for (const account of admins.filter((admin) => !before.includes(admin))) {
        reigns.push({ account, began: step, ended: null });
      }
    }
  }
  return reigns;
}

export function timelineText({ room, at, tenures }: Timeline, paint: Paint): readonly string[] {
  const title = `${paint.heading(room.name === null ? 'room' : `#${room.name}`)}  ${paint.faint(room.id)}`;
  if (tenures.length === 0) return [title, 'The room did not exist yet.'];
  const [head = '', ...rows] = tableLines([
    ['FROM', 'UNTIL', 'POSITIONS', 'ADMIN', 'BEGAN', 'ENDED'],
    ...tenures.map((tenure) => [
      tenure.from.time ?? '',
      tenure.until?.time ?? `(position ${at.position})`,
      `${tenure.from.position}-${tenure.until?.position ?? ''}`,
      personText(tenure),
      successionText(tenure),
      endingText(tenure),
    ]),
  ]);
  return [title, paint.faint(head), ...rows];
}

/** If no account ended the period of an admin, the operator did. */
const actorText = (by: Person | null): string => (by === null ? 'the operator' : personText(by));

function endingText({ ending, account }: Tenure): string {
  if (ending === null) return 'leads';
  const isOwn = ending.by?.account === account;
  switch (ending.event) {
    case 'MemberLeft':
      return ending.because === 'disabled' ? 'the account was disabled' : 'left';
    case 'AdminDemoted':
      return isOwn ? 'stepped down' : `demoted by ${actorText(ending.by)}`;
    case 'MemberRemoved':
      return `removed by ${actorText(ending.by)}`;
    case 'MemberBanned':
      return `banned by ${actorText(ending.by)}`;
    case 'RoomClosed':
      return ending.because === 'operator' ? 'the operator closed the room' : 'the room closed';
    default:
      return ending.event;
  }
}
