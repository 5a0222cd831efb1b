// A subject of the log: one account or one room, and the ways in which an operator names it.
import { streamOf } from '../../core/actor/aggregate.js';

export type SubjectKind = 'account' | 'room';

export interface Subject {
  readonly kind: SubjectKind;
  /** The id within its kind. */
  readonly id: string;
  /** The stream of its events: the kind and the id. */
  readonly stream: string;
}

/** A subject as typed. */
export type TypedSubject =
  | { readonly by: 'id'; readonly id: string; readonly kinds: readonly SubjectKind[] }
  | { readonly by: 'name'; readonly name: string; readonly kinds: readonly SubjectKind[] };

/** The forms of a subject, for a message about a wrong one. */
export const SUBJECT_FORMS =
  "Give #room or @user (in a shell, quote it: '#room'), a current or former name, or an id that `partyline admin log` shows.";

const BOTH: readonly SubjectKind[] = ['room', 'account'];
const ID = /^(?:(account|room)-)?([0-9A-HJKMNP-TV-Z]{26})$/;

/** Every text is a subject. Whether the subject exists is checked when it is resolved. */
export function parseSubject(text: string): TypedSubject {
  const [, kind, id] = ID.exec(text) ?? [];
  if (id !== undefined) {
    return { by: 'id', id, kinds: kind === 'account' || kind === 'room' ? [kind] : BOTH };
  }
  if (text.startsWith('#')) return { by: 'name', name: text.slice(1), kinds: ['room'] };
  if (text.startsWith('@')) return { by: 'name', name: text.slice(1), kinds: ['account'] };
  return { by: 'name', name: text, kinds: BOTH };
}

export const subjectOf = (kind: SubjectKind, id: string): Subject => ({
  kind,
  id,
  stream: streamOf(kind, id),
});
