// A proven event as text and as JSON.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { counted } from '../progress.js';
import { jsonText } from '../text/json.js';
import { timeText } from '../text/time.js';
import type { ProvenEvent } from './event-proof.js';

/** One line per fact. The texts come from somebody else's file, so they are sanitised. */
export function proofText({ event, checkpoint }: ProvenEvent): readonly string[] {
  const { position, type, stream, version, recordedAt, payload, personal, personalDigest, metadata } = event;
  const lines = [
    `event       ${counted(position)}: ${type} in ${stream}, version ${counted(version)}`,
    `recorded    ${timeText(recordedAt)}`,
    `payload     ${payload}`,
    `personal    ${personal ?? (personalDigest === null ? 'none' : 'left out or redacted')}`,
    `cause       ${metadata}`,
    `log         ${checkpoint.origin}, ${counted(checkpoint.size)} events: it has this event, signed by the tracker of the invite`,
  ];
  return lines.map((line) => sanitiseLine(line));
}

export const proofJson = ({ event, checkpoint }: ProvenEvent): string =>
  jsonText('proof/1', {
    event,
    log: { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
  });
