// The rooms and accounts that are shown at the cursor: which list, which of its subjects, which other moment beside it, and the
// latest reading of all that. A newer request ends an older reading.
import type { Subject, SubjectKind } from '../../subject/subject.js';
import type { Reads, Scene } from '../reads.js';

export interface ObservationParts {
  readonly reads: Pick<Reads, 'scene'>;
  /** Runs work whose reading may fail. */
  readonly run: (work: () => Promise<void>) => void;
  /** The cursor, and the end of the log. */
  readonly place: () => { readonly at: number; readonly end: number };
  readonly onChange: () => void;
  /** Called when the whole scene at the cursor is read. */
  readonly onRead: () => void;
}

export class Observation {
  readonly #parts: ObservationParts;
  #rows = { list: 0, events: 0 };
  #scene: Scene | null = null;
  #reading = new AbortController();
  #chosen: Subject | null = null;
  #list: SubjectKind = 'room';
  #other: number | 'now' | null = null;
  #scroll = 0;
  /** The subject of each list that was shown last. */
  readonly #last: { [K in SubjectKind]?: Subject } = {};

  constructor(parts: ObservationParts) {
    this.#parts = parts;
  }

  /** The latest scene that was read; null before the first. It may be that of an earlier position. */
  get scene(): Scene | null {
    return this.#scene;
  }

  /** The kind of subjects in the list. */
  get list(): SubjectKind {
    return this.#list;
  }

  /** Whether the room or account of each event is shown, because the user chose none. */
  get isFollowing(): boolean {
    return this.#chosen === null;
  }

  /** The other moment of the split view: `now` or a position; null without a split view. */
  get other(): number | 'now' | null {
    return this.#other;
  }

  /** The rows by which the room or account is scrolled. */
  get scroll(): number {
    return this.#scroll;
  }

  /** The number of events in the list of events. */
  get eventRows(): number {
    return this.#rows.events;
  }

  close(): void {
    this.#reading.abort();
  }

  resize(list: number, events: number): void {
    if (list === this.#rows.list && events === this.#rows.events) return;
    this.#rows = { list, events };
    this.read();
  }

  choose(subject: Subject): void {
    this.#chosen = subject;
    this.#list = subject.kind;
    this.#restart();
  }

  /** Selects the room or account some rows below the selected one. */
  select(rows: number): void {
    const { list, subject } = this.#scene ?? {};
    if (list === undefined) return;
    const index = list.lines.findIndex((one) => one.subject.stream === subject?.stream);
    const line = list.lines[Math.max(0, Math.min(list.lines.length - 1, index + rows))];
    if (line !== undefined) this.choose(line.subject);
  }

  switchList(): void {
    this.#list = this.#list === 'room' ? 'account' : 'room';
    this.#chosen = null;
    this.#restart();
  }

  toggleFollow(): void {
    this.#chosen = this.#chosen === null ? (this.#scene?.subject ?? null) : null;
    this.#restart();
  }

  /** Shows another moment beside that of the cursor; null ends that. */
  compare(other: number | 'now' | null): void {
    this.#other = other;
    this.#restart();
  }

  /** @param last the greatest scroll that shows something */
  scrollBy(rows: number, last: number): void {
    this.#scroll = Math.max(0, Math.min(last, this.#scroll + rows));
    this.#parts.onChange();
  }

  /** Reads the scene at the cursor. */
  read(): void {
    const { reads, run, place, onRead } = this.#parts;
    if (this.#rows.events === 0) return;
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { at: position, end } = place();
    if (position !== this.#scene?.position) this.#scroll = 0;
    const request = {
      position,
      list: this.#list,
      chosen: this.#chosen,
      fallback: this.#last[this.#list] ?? null,
      other: this.#other === 'now' ? end : this.#other,
      listRows: this.#rows.list,
      eventRows: this.#rows.events,
      signal,
    };
    run(async () => {
      for await (const scene of reads.scene(request)) {
        if (signal.aborted) return;
        this.#take(scene);
      }
      if (!signal.aborted) onRead();
    });
  }

  #restart(): void {
    this.#scroll = 0;
    this.#parts.onChange();
    this.read();
  }

  /** Until a room or account is read, its previous reading stays. */
  #take(scene: Scene): void {
    const old = this.#scene;
    if (scene.subject !== null) this.#last[scene.subject.kind] = scene.subject;
    const kept = old?.subject?.stream === scene.subject?.stream ? old : null;
    this.#scene = {
      ...scene,
      shown: scene.shown ?? kept?.shown ?? null,
      comparison: this.#other === null ? null : (scene.comparison ?? kept?.comparison ?? null),
    };
    this.#parts.onChange();
  }
}
