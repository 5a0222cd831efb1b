// The output of `admin replay` for people: one line for each event with the state after it, and the summary.
import { OperatorError } from '../../core/errors.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { persisted } from '../../core/actor/snapshot.js';
import { quarantineText } from '../log/entry.js';
import { counted } from '../progress.js';
import { valueText } from '../state/value.js';
import type { Names } from '../subject/names.js';
import { jsonText } from '../text/json.js';
import { payloadText } from '../text/payload.js';
import { timeText } from '../text/time.js';
import type { Replayed, ReplaySummary } from './replay.js';

const POSITION_WIDTH = 8;
const ADMINS_SHOWN = 3;

export async function replayedText({ step, state }: Replayed, names: Names): Promise<string> {
  const { position, recordedAt, stream, version, type, payload, quarantine } = step;
  const subject = (await names.ofStreamAt(stream, position)) ?? stream;
  const parts = [
    String(position).padStart(POSITION_WIDTH),
    timeText(recordedAt),
    `${subject} v${version}`,
    type,
    await payloadText(names, payload, position),
    ...(quarantine === undefined ? [] : [quarantineText(quarantine)]),
    `=> ${await stateText(state, names)}`,
  ];
  return sanitiseLine(parts.join('  '));
}

/** `open.attended, 3 members, led by @alice, @bob`, or `active.clear, 2 devices`. */
async function stateText({ snapshot, position }: Replayed['state'], names: Names): Promise<string> {
  const { value, context }: { value: unknown; context: Readonly<Record<string, unknown>> } = snapshot;
  const { members, admins, devices } = context;
  const parts = [valueText(value)];
  if (Array.isArray(members)) parts.push(amount(members.length, 'member'));
  if (Array.isArray(devices)) parts.push(amount(devices.length, 'device'));
  if (Array.isArray(admins) && admins.length > 0) {
    const shown = admins.slice(0, ADMINS_SHOWN).map(async (admin) => {
      const name = await names.ofAccount(String(admin), position);
      return name === null ? String(admin) : `@${name}`;
    });
    const more = admins.length > ADMINS_SHOWN ? ` and ${admins.length - ADMINS_SHOWN} more` : '';
    parts.push(`led by ${(await Promise.all(shown)).join(', ')}${more}`);
  }
  return parts.join(', ');
}

const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function replayedJson({ step, state }: Replayed): string {
  const { recordedAt, ...fields } = step;
  return jsonText('step/1', { ...fields, at: timeText(recordedAt), state: persisted(state.snapshot) });
}

export async function summaryText(
  { events, streams, digest, stopped }: ReplaySummary,
  names: Names,
): Promise<readonly string[]> {
  const halts = stopped.map(async ({ stream, position, reason, events: missing }) => {
    const subject = (await names.ofStreamAt(stream, position)) ?? stream;
    const line = `stopped ${subject} (${stream}) at position ${position}: ${reason}; events not applied: ${counted(missing)}`;
    return sanitiseLine(line);
  });
  return [
    ...(await Promise.all(halts)),
    `replayed ${counted(events)} events of ${counted(streams)} rooms and accounts; digest of their states ${digest}`,
  ];
}

export const summaryJson = (summary: ReplaySummary): string => jsonText('replay/1', summary);

/** The error for a replay in which a room or an account stopped; null if none stopped. */
export function replayError({ stopped }: ReplaySummary): OperatorError | null {
  const [first] = stopped;
  if (first === undefined) return null;
  return new OperatorError(
    `the event at position ${first.position} in ${first.stream} cannot be applied: ${first.reason}; rooms and accounts that stopped: ${stopped.length}`,
    'Run `partyline admin verify`. If the log is intact, use the version of Partyline that wrote the event.',
  );
}
