// Two terminals as programs drive them: `partyline chat --json` in a process each, linked directly, in one room.
import { join } from 'node:path';
import { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../../specs/support/device.js';
import type { TrackerProcess } from '../tracker-process.js';
import type { LineChat } from './line-chat.js';

interface JsonFaces extends LineChat {
  /** Writes a line at the first end and resolves with its reply. */
  type(text: string): Promise<unknown>;
}

/** Registers both terminals at the tracker. Their names are taken from then on. */
export async function openJsonFaces({ folder, inviteText }: TrackerProcess): Promise<JsonFaces> {
  const common = { home: join(folder, 'terminals'), invite: inviteText };
  let read: (text: string) => void = nothing;
  const writer = new JsonTerminal({ ...common, profile: 'writer' });
  const reader = new JsonTerminal({
    ...common,
    profile: 'reader',
    onEvent: ({ event, text }) => {
      if (event === 'message') read(String(text));
    },
  });
  await writer.type(`/register writer ${PASSWORD}`);
  await reader.type(`/register reader ${PASSWORD}`);
  await writer.type('/create faces');
  await reader.type('/join faces');
  await writer.expect({ event: 'link', peer: 'reader', state: 'open' }, 'the link');
  return {
    pids: { writer: writer.pid, reader: reader.pid },
    write: (text) => void writer.write(text),
    type: (text) => writer.type(text),
    onRead(listener) {
      read = listener;
    },
    async close() {
      await Promise.all([writer.leave(), reader.leave()]);
    },
  };
}

const nothing = (): void => undefined;
