// A room as the time machine shows it, for specs.
import type { RoomShown } from '../../../admin/show/room.js';
import type { Subject } from '../../../admin/subject/subject.js';

/** An open room without members. */
export function roomShown({ id, stream }: Subject, position: number): RoomShown {
  return {
    kind: 'room',
    id: stream,
    name: id,
    at: { position, time: position === 0 ? null : '2026-01-01T00:00:00.000Z' },
    state: 'open',
    version: 1,
    lastEvent: null,
    created: null,
    isPrivate: false,
    topic: null,
    unattended: null,
    members: [],
    admins: [],
    next: null,
    banned: [],
    invited: [],
  };
}
