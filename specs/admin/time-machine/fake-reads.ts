// The reads of the time machine on a log of a few lines, for specs of its state and its view.
import { roomShown } from './shown.js';
import type {
  EventLine,
  Reads,
  Scene,
  SceneRequest,
  Seek,
  Timeline,
  TimelineRequest,
} from '../../../admin/time-machine/reads.js';
import { OperatorError } from '../../../core/errors.js';
import { subjectOf } from '../../../admin/subject/subject.js';
import type { Marks } from '../../../admin/time-machine/reads.js';

export interface FakeEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  /** A room by its name: `#lobby`. */
  readonly subject: string;
  readonly text?: string;
}

const NO_MARKS: Marks = { hasAdminChange: false, hasRemoval: false };

export const roomNamed = (name: string) => subjectOf('room', name.slice(1));

export class FakeReads implements Reads {
  readonly events: FakeEvent[];
  /** The requests for scenes, in the order in which they came. */
  readonly requests: SceneRequest[] = [];
  /** Resolves before a scene is read; a spec replaces it to delay readings. */
  gate: () => Promise<void> = () => Promise.resolve();
  /** The position whose event is damaged. */
  damaged = -1;

  constructor(events: readonly FakeEvent[]) {
    this.events = [...events];
  }

  async end(): Promise<number> {
    return this.events.length;
  }

  async timeAt(position: number): Promise<number | null> {
    return this.events[position - 1]?.at ?? null;
  }

  async positionAtTime(time: number): Promise<number> {
    return this.events.filter(({ at }) => at <= time).length;
  }

  async positionAt(moment: Parameters<Reads['positionAt']>[0]): Promise<number> {
    if (moment.kind === 'now') return this.events.length;
    if (moment.kind === 'time') return this.positionAtTime(moment.time);
    if (moment.position <= this.events.length) return moment.position;
    throw new OperatorError(`the log has no position ${moment.position}`, 'Give another one.');
  }

  async *timeline({ from, to, columns }: TimelineRequest): AsyncGenerator<Timeline, void> {
    const width = (to - from) / columns;
    const until = (time: number): number => this.events.filter(({ at }) => at <= time).length;
    const ends = Array.from({ length: columns }, (_, index) => until(from + width * (index + 1)));
    yield { from, to, ends, before: until(from - 1), marks: ends.map(() => NO_MARKS) };
  }

  async *scene(request: SceneRequest): AsyncGenerator<Scene, void> {
    this.requests.push(request);
    await this.gate();
    const { position, chosen, fallback, listRows, other } = request;
    if (position === this.damaged) throw new OperatorError(`the row ${position} is damaged`, 'Run verify.');
    const event = this.#line(position);
    const names = [...new Set(this.events.slice(0, position).map(({ subject }) => subject))];
    const subject = chosen ?? (event === null ? fallback : roomNamed(event.subject));
    const next = this.events[position];
    const shown = subject && roomShown(subject, position);
    yield {
      position,
      recordedAt: event?.recordedAt ?? null,
      pauseMs: next === undefined ? null : next.at - (event?.recordedAt ?? next.at),
      event: event && { ...event, stream: event.subject, version: 1, fields: [{ name: 'by', text: '@ann' }] },
      neighbours: this.events
        .flatMap((_, index) => this.#line(index + 1) ?? [])
        .slice(Math.max(0, position - request.eventRows))
        .slice(0, request.eventRows),
      list:
        request.list === 'account'
          ? { kind: 'account', total: 0, first: 0, lines: [] }
          : {
              kind: 'room',
              total: names.length,
              first: 0,
              lines: names
                .slice(0, listRows)
                .map((name) => ({ subject: roomNamed(name), name, members: 2, leader: '@ann' })),
            },
      subject,
      shown,
      comparison:
        subject && other !== null
          ? { position: other, shown: roomShown(subject, other), differences: [] }
          : null,
    };
  }

  async seek({ from, direction, target, signal }: Seek): Promise<number | null> {
    const isHit = ({ type, subject, text = '' }: FakeEvent): boolean => {
      if (target.kind === 'types') return target.types.includes(type);
      if (target.kind === 'subject') return roomNamed(subject).stream === target.subject.stream;
      return [type, subject, text].some((one) => one.toLowerCase().includes(target.text.toLowerCase()));
    };
    const index =
      direction === 'next'
        ? this.events.findIndex((event, place) => place + 1 > from && isHit(event))
        : this.events.findLastIndex((event, place) => place + 1 < from && isHit(event));
    return index < 0 || signal.aborted ? null : index + 1;
  }

  #line(position: number): EventLine | null {
    const event = this.events[position - 1];
    if (event === undefined) return null;
    return { position, recordedAt: event.at, type: event.type, subject: event.subject, actor: '@ann' };
  }
}
