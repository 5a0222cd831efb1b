// The transcripts of a conversation in which one person speaks. They are read through each terminal's export and
// compared with the messages sent.
import { readFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import type { MortalTerminal } from './mortal-terminal.js';
import type { Said, Speaker } from './speaker.js';

const transcriptSchema = z.array(
  z
    .string()
    .transform((line): unknown => JSON.parse(line))
    .pipe(z.object({ id: z.string(), from: z.string(), text: z.string() })),
);
export type Transcript = z.infer<typeof transcriptSchema>;

/** @param file must not exist yet */
export async function readTranscript(
  terminal: MortalTerminal,
  label: string,
  file: string,
): Promise<Transcript> {
  const { status, message } = await terminal.ask(`/export ${label} ${file}`);
  if (status !== 500) throw new Error(`${label} was not exported: ${String(message)}`);
  return transcriptSchema.parse((await readFile(file, 'utf8')).split('\n').slice(0, -1));
}

/** Checks the transcripts, of which the first is the speaker's own. Returns the figures as a sentence. */
export function auditTranscripts(
  t: ExecutionContext,
  speaker: Speaker,
  conversation: string,
  [own = [], ...others]: readonly Transcript[],
): string {
  const said = speaker.said.filter((one) => one.conversation === conversation);
  const accepted = speaker.accepted.filter((one) => one.conversation === conversation);
  const texts = new Map(own.map(({ id, text }) => [id, text]));
  const missing = accepted.filter(({ id, text }) => texts.get(id) !== text);
  t.deepEqual(missing, [], 'every accepted message is stored');
  t.is(texts.size, own.length, 'each is stored once');
  t.true(isInOrder(own, said), 'they are in the order in which they were sent, and nothing else is stored');
  for (const other of others) t.is(written(other), written(own), 'the others store the same');
  return `${conversation}: ${said.length} sent, ${accepted.length} accepted, ${own.length} stored by each`;
}

const written = (all: Transcript): string =>
  all.map(({ id, from, text }) => `${id} ${from} ${text}`).join('\n');

/** Whether `stored` is a subsequence of `said`. */
function isInOrder(stored: Transcript, said: readonly Said[]): boolean {
  let at = 0;
  for (const { text } of stored) {
    while (at < said.length && said[at]?.text !== text) at += 1;
    at += 1;
  }
  return at <= said.length;
}
