// A real history in memory, as a what-if reads it from a log. Each answer is folded from the first event.
import type { CommandStep, RecordedCommand } from '../../../admin/log/commands.js';
import { claimsOf, type History } from '../../../admin/rehearsal/what-if/source.js';
import { aggregateOf } from '../../../admin/state/aggregates.js';
import { apply, emptyState, type MachineState } from '../../../admin/state/state.js';
import type { RecordedEvent } from '../../../core/events/event.js';
import { commandsOf, textIn } from './model.js';

function recordedCommand(events: readonly RecordedEvent[]): RecordedCommand {
  const [first] = events;
  if (first === undefined) throw new Error('a command has no event');
  const { stream, metadata } = first;
  const { command, account, device, commandId, causationId } = metadata;
  const origin = { account, device, commandId, causationId };
  return { stream, command, origin, damage: null, steps: events };
}

export function historyOf(events: readonly RecordedEvent[]): History {
  const groups = commandsOf(events);
  const before = (position: number): readonly CommandStep[] => events.slice(0, position - 1);

  return {
    async *commands(after) {
      yield groups.filter((group) => (group[0]?.position ?? 0) > after).map(recordedCommand);
    },
    commandStart: async (position) =>
      groups.find((group) => group.some((event) => event.position === position))?.[0]?.position ?? position,
    async stateBefore(stream, position) {
      const aggregate = aggregateOf(stream);
      if (aggregate === null) return null;
      let state: MachineState = emptyState(aggregate, stream);
      for (const step of before(position)) {
        if (step.stream !== stream) continue;
        const applied = apply(state, step);
        if ('reason' in applied) return null;
        ({ state } = applied);
      }
      return state;
    },
    async topicBefore(room, position) {
      const last = before(position).findLast((step) => step.stream === room && step.type === 'TopicChanged');
      return last === undefined ? '' : textIn(last.personal, 'topic');
    },
    async roomsBefore(account, position) {
      const rooms = new Set<string>();
      for (const { stream, type, payload } of before(position)) {
        // The operator may close a room with members.
        if (type === 'RoomClosed') rooms.delete(stream);
        if (payload['account'] !== account) continue;
        if (type === 'RoomCreated' || type === 'MemberJoined') rooms.add(stream);
        if (['MemberLeft', 'MemberRemoved', 'MemberBanned'].includes(type)) rooms.delete(stream);
      }
      return [...rooms];
    },
    async nameBefore(stream, position) {
      const names = before(position).flatMap((step) => {
        if (step.stream !== stream || step.type === 'DeviceEnrolled') return [];
        const name = textIn(step.personal, 'username') || textIn(step.personal, 'name');
        return name === '' ? [] : [name];
      });
      return names.at(-1) ?? null;
    },
    async *claimsBefore(position) {
      for (const step of before(position)) yield { changes: claimsOf([step]), recordedAt: step.recordedAt };
    },
  };
}
