// The arguments of `/log`: a room, and the version of the room before which the events are wanted.
import { quoted } from '../quoted.js';
import { type ArgumentReader, optionalRoom } from './arguments.js';

export interface RoomLogPage {
  /** The open room if null. */
  readonly room: string | null;
  /** Null for the latest events. */
  readonly before: number | null;
}

export const roomLogPage: ArgumentReader<RoomLogPage> = (rest) => {
  const [name = '', version, ...more] = rest.trim().split(/\s+/);
  const room = optionalRoom(name);
  if (!room.ok) return room;
  if (version === undefined) return { ok: true, value: { room: room.value, before: null } };
  if (more.length > 0 || !/^[1-9]\d{0,14}$/.test(version)) {
    return {
      ok: false,
      problem: `${quoted(version)} is not a version of the room: give one whole number after the room.`,
    };
  }
  return { ok: true, value: { room: room.value, before: Number(version) } };
};
