// What terminals have of a conversation in which one speaks: read through their own export, and held against what was said.
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

/** @param file is not there yet */
export async function readTranscript(
  terminal: MortalTerminal,
  label: string,
  file: string,
): Promise<Transcript> {
  const { status, message } = await terminal.ask(`/export ${label} ${file}`);
  if (status !== 500) throw new Error(`${label} was not exported: ${String(message)}`);
  return transcriptSchema.parse((await readFile(file, 'utf8')).split('\n').slice(0, -1));
}

/** The speaker's own comes first. Gives the figures as a sentence. */
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
  t.deepEqual(missing, [], 'what was accepted is there');
  t.is(texts.size, own.length, 'once each');
  t.true(isInOrder(own, said), 'in the order in which it was said, and nothing else');
  for (const other of others) t.is(written(other), written(own), 'the same at the others');
  return `${conversation}: ${said.length} said, ${accepted.length} accepted, ${own.length} stored by each`;
}

const written = (all: Transcript): string =>
  all.map(({ id, from, text }) => `${id} ${from} ${text}`).join('\n');

/** Whether `stored` is what was said, but for some of it, in the same order. */
function isInOrder(stored: Transcript, said: readonly Said[]): boolean {
  let at = 0;
  for (const { text } of stored) {
    while (at < said.length && said[at]?.text !== text) at += 1;
    at += 1;
  }
  return at <= said.length;
}
