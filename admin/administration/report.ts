// The two faces of an administered task: lines for people, and one JSON object for programs.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Names } from '../subject/names.js';
import { jsonText } from '../text/json.js';
import { payloadText } from '../text/payload.js';
import type { Administered } from './administration.js';

const APPLIED = 'within a second if the tracker is running, otherwise at its next start';

export async function administeredText(result: Administered, names: Names): Promise<readonly string[]> {
  const { isDryRun, task, events } = result;
  if (events.length === 0) return [sanitiseLine(`${task.unchanged}; nothing was changed`)];
  const recorded = await Promise.all(events.map((event) => eventText(event, names, isDryRun)));
  const lines = isDryRun
    ? [
        `dry run: ${task.done}`,
        'It would record these events:',
        ...recorded,
        `It would notify ${audienceText(result)}.`,
        'Nothing was changed.',
      ]
    : [`${task.done} (${APPLIED})`, ...recorded, `Notified: ${audienceText(result)}.`];
  return lines.map(sanitiseLine);
}

export function administeredJson(
  command: string,
  { isDryRun, task, events, people, isEveryoneOnline }: Administered,
): string {
  return jsonText('administration/1', {
    command,
    dryRun: isDryRun,
    user: task.user === '' ? null : task.user,
    room: task.room === '' ? null : task.room,
    changed: events.length > 0,
    events: events.map(({ position, stream, version, type, schemaVersion, payload, personal }) => ({
      position: isDryRun ? null : position,
      stream,
      version,
      type,
      schemaVersion,
      payload,
      personal,
    })),
    told: {
      people: people.map(({ account, username }) => ({ account, name: username })),
      everyoneOnline: isEveryoneOnline,
    },
  });
}

async function eventText(event: RecordedEvent, names: Names, isDryRun: boolean): Promise<string> {
  const { position, stream, version, type, payload, personal } = event;
  const place = isDryRun ? '' : `${position}  `;
  const texts = personal === null ? '' : `  ${JSON.stringify(personal)}`;
  return `  ${place}${stream} v${version}  ${type}  ${await payloadText(names, payload, position)}${texts}`;
}

function audienceText({ people, isEveryoneOnline }: Administered): string {
  const named = people.map(({ username }) => `@${username}`);
  return [...named, ...(isEveryoneOnline ? ['everyone who is online'] : [])].join(', ') || 'nobody';
}
