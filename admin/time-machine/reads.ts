// The port through which the time machine reads a log, and the values that it reads. All texts are safe to show on a screen.
import type { Difference } from '../diff/facts.js';
import type { Moment } from '../moment.js';
import type { AccountShown } from '../show/account.js';
import type { RoomShown } from '../show/room.js';
import type { Subject, SubjectKind } from '../subject/subject.js';

export type Direction = 'next' | 'previous';

/** The events that a jump looks for. */
export type Target =
  | { readonly kind: 'types'; readonly types: readonly string[] }
  /** For a room its events; for an account the events that it caused or that name it. */
  | { readonly kind: 'subject'; readonly subject: Subject }
  /** Events with this text in their type, payload, names or texts, or in a name of a room or account that they concern. */
  | { readonly kind: 'text'; readonly text: string };

export interface Seek {
  readonly from: number;
  readonly direction: Direction;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** Called with the positions that were searched so far, from time to time. */
  readonly onProgress: (searched: number) => void;
}

/** A time span of the log in columns of equal length. */
export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** For each column: the position of the last event up to the end of its time. */
  readonly ends: readonly number[];
  /** The position before the first column. */
  readonly before: number;
  /** For each column: whether its events change who is an admin, or remove or ban somebody. Filled from left to right. */
  readonly marks: readonly Marks[];
}

export interface Marks {
  readonly hasAdminChange: boolean;
  readonly hasRemoval: boolean;
}

export interface TimelineRequest {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  readonly signal: AbortSignal;
}

/** An event as a line of a list. */
export interface EventLine {
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly type: string;
  /** The room or account as it was named then: `#lobby`, `@alice`, or its id. */
  readonly subject: string;
  /** `@alice`, `the tracker` or `the operator`. */
  readonly actor: string;
}

/** All parts of an event, as names and values. */
export interface EventShown extends EventLine {
  readonly stream: string;
  readonly version: number;
  readonly fields: readonly { readonly name: string; readonly text: string }[];
}

export interface RoomLine {
  readonly subject: Subject;
  readonly name: string;
  readonly members: number;
  /** The first admin; null while it is being read, empty for a room without admins. */
  readonly leader: string | null;
}

export interface AccountLine {
  readonly subject: Subject;
  readonly name: string;
  /** The number of terminals that were logged in, and `disabled` for a disabled account; null while it is being read. */
  readonly state: { readonly terminals: number; readonly isDisabled: boolean } | null;
}

/** A part of a list around the selected subject. */
export interface ListPart<Line> {
  readonly total: number;
  /** The index of the first line in the whole list. */
  readonly first: number;
  readonly lines: readonly Line[];
}

/** A subject at one moment. */
export type SubjectShown = RoomShown | AccountShown;

/** The same subject at another moment, and the facts that differ from the cursor's moment to that one. */
export interface Comparison {
  readonly position: number;
  readonly shown: SubjectShown;
  readonly differences: readonly Difference[];
}

/** Everything that is shown at one position. */
export interface Scene {
  readonly position: number;
  /** The time of the event at the position; null at position 0. */
  readonly recordedAt: number | null;
  /** The pause until the next event; null at the end of the log. */
  readonly pauseMs: number | null;
  readonly event: EventShown | null;
  readonly neighbours: readonly EventLine[];
  readonly list:
    | ({ readonly kind: 'room' } & ListPart<RoomLine>)
    | ({ readonly kind: 'account' } & ListPart<AccountLine>);
  /** The room or account that is shown; null if none is selected. */
  readonly subject: Subject | null;
  /** Null while it is being read. */
  readonly shown: SubjectShown | null;
  /** Null without a split view, and while it is being read. */
  readonly comparison: Comparison | null;
}

export interface SceneRequest {
  readonly position: number;
  /** The kind of the subjects in the list. */
  readonly list: SubjectKind;
  /** The subject that the user chose; null: the room or account that the event concerns. */
  readonly chosen: Subject | null;
  /** The subject to show if the event concerns none, and around which the list is shown if it lacks the subject. */
  readonly fallback: Subject | null;
  /** The other moment of a split view. */
  readonly other: number | null;
  readonly listRows: number;
  readonly eventRows: number;
  readonly signal: AbortSignal;
}

export interface Reads {
  /** The position of the last event. */
  end(): Promise<number>;
  /** Milliseconds since the epoch; null at position 0. */
  timeAt(position: number): Promise<number | null>;
  /** The position of the last event recorded at or before a time. */
  positionAtTime(time: number): Promise<number>;
  /** Throws an `OperatorError` for a position beyond the end of the log. */
  positionAt(moment: Moment): Promise<number>;
  /** Yields the densities at once, and then again with more marks. */
  timeline(request: TimelineRequest): AsyncIterable<Timeline>;
  /** Yields at once what needs no state, then the subject, and at the end the whole scene. */
  scene(request: SceneRequest): AsyncIterable<Scene>;
  /** The position of the event that was looked for; null if no event matches or the signal aborted. */
  seek(seek: Seek): Promise<number | null>;
}
