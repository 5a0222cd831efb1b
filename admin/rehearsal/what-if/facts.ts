// The facts of a command that come from outside of its room or account, as they would be in the changed history: its room by name, its
// target, the number of rooms, the present topic, the limits, and whether its sender may send at all.
import { streamOf } from '../../../core/actor/aggregate.js';
import type { JsonObject } from '../../../core/json.js';
import { foldName } from '../../../core/protocol/names.js';
import { USERNAMES } from '../../../actors/account/aggregate.js';
import type { CommandBody, Outcome } from '../outcome.js';
import type { Origin } from '../../log/commands.js';
import { listOf, phaseOf } from './contexts.js';
import type { Rules } from './rules.js';
import type { History } from './source.js';
import type { UniqueNames } from './unique-names.js';
import type { Worlds } from './worlds.js';

export interface Facts {
  /** The stream that the command reaches. Null if its room does not exist. */
  streamOf(stream: string, command: CommandBody, origin: Origin, position: number): Promise<string | null>;
  /** The command with the facts of the changed history; the same object if no fact differs. */
  adapted(stream: string, command: CommandBody, texts: JsonObject, sent: Sent): Promise<CommandBody>;
  /** The refusal of a sender who is not logged in; null if the sender is logged in. */
  refusalOf(command: CommandBody, origin: Pick<Origin, 'account' | 'device'>): Outcome | null;
}

interface Sent {
  readonly position: number;
  readonly recordedAt: number;
  /** The stream that the command reached in the real history; null if it is not in the log. */
  readonly realStream: string | null;
}

export interface FactParts {
  readonly history: History;
  readonly worlds: Worlds;
  readonly names: UniqueNames;
  readonly rules: Rules;
  /** The topics of rooms whose topic differs from the real one; null if unknown. */
  readonly topics: ReadonlyMap<string, string | null>;
  /** By account: how many more rooms it is in than in the real history. */
  readonly moreRooms: ReadonlyMap<string, number>;
}

/** The kind of unique names of rooms. */
const ROOM_NAMES = 'room';
/** The commands that a password authorises. Their own machines decide about them. */
const BY_PASSWORD: ReadonlySet<string> = new Set(['RegisterAccount', 'EnrolDevice']);

export function createFacts(parts: FactParts): Facts {
  const { history, worlds, names, rules, topics, moreRooms } = parts;
  const { adminAbsenceMs, ...limits } = rules;
  const hasLimits = Object.keys(limits).length > 0;

  /**
   * The sender names the target. If the target does not exist in the changed history, its name belongs to another account or to
   * nobody.
   */
  async function targetOf(target: string, position: number): Promise<string | null> {
    const stream = streamOf('account', target);
    const pair = worlds.differing(stream);
    if (pair === null || phaseOf(pair.now) !== 'unregistered') return target;
    const name = await history.nameBefore(stream, position);
    return name === null ? null : names.ownerOf(USERNAMES, foldName(name));
  }

  async function isSameTopic(stream: string, topic: unknown, { position }: Sent): Promise<boolean> {
    const present = topics.has(stream) ? topics.get(stream) : await history.topicBefore(stream, position);
    return typeof present === 'string' && present === topic;
  }

  return {
    async streamOf(stream, command, origin, position) {
      const pair = worlds.differing(stream);
      const isByName = origin.account !== null && stream.startsWith('room-') && command.type !== 'CreateRoom';
      if (!isByName || pair === null || phaseOf(pair.now) === 'open') return stream;
      const name = await history.nameBefore(stream, position);
      const owner = name === null ? null : names.ownerOf(ROOM_NAMES, foldName(name));
      return owner === null ? null : streamOf('room', owner);
    },
    async adapted(stream, command, texts, sent) {
      const { account, target, roomsOfAccount } = command;
      let adapted = command;
      const more = typeof account === 'string' ? (moreRooms.get(account) ?? 0) : 0;
      if (typeof roomsOfAccount === 'number' && more !== 0) {
        adapted = { ...adapted, roomsOfAccount: roomsOfAccount + more };
      }
      if (typeof target === 'string') {
        const present = await targetOf(target, sent.position);
        if (present !== target) adapted = { ...adapted, target: present };
      }
      if (command.type === 'ChangeTopic' && (topics.has(stream) || stream !== sent.realStream)) {
        adapted = { ...adapted, isSame: await isSameTopic(stream, texts['topic'], sent) };
      }
      if (command.type === 'AdminsAbsent' && adminAbsenceMs !== undefined) {
        adapted = { ...adapted, deadline: adminAbsenceMs === null ? null : sent.recordedAt + adminAbsenceMs };
      }
      return hasLimits ? { ...adapted, limits } : adapted;
    },
    refusalOf({ type }, { account, device }) {
      if (account === null || BY_PASSWORD.has(type)) return null;
      const pair = worlds.differing(streamOf('account', account));
      if (pair === null) return null;
      const isLoggedIn = (state: typeof pair.now): boolean =>
        phaseOf(state) === 'active' && (device === null || listOf(state, 'devices').includes(device));
      // The command differs only if its sender was logged in in the real history: the log may lack the sender's devices.
      if (isLoggedIn(pair.now) || !isLoggedIn(pair.real)) return null;
      return { kind: 'refused', reason: 'NOT_ENROLLED', detail: {} };
    },
  };
}
