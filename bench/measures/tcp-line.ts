// Lines from one process over bare TCP to another: what a chat would be without names, keys and history.
import { join } from 'node:path';
import { startPartner } from '../partner.js';

export interface TcpLine {
  write(text: string): void;
  /** Calls back for each line at the other end. */
  onText(listener: (text: string) => void): void;
  close(): Promise<void>;
}

/** With a folder, each end stores a line durably before it passes it on, as a terminal does. */
export async function openTcpLine(folder: string | null): Promise<TcpLine> {
  const file = (name: string): string => (folder === null ? '' : join(folder, name));
  const listener = await startPartner('listen', file('listener.db'));
  const dialler = await startPartner('dial', listener.said, file('dialler.db'));
  return {
    write: (text) => dialler.write(text),
    onText: (listen) => void listener.onLine(listen),
    async close() {
      await dialler.end();
      await listener.end();
    },
  };
}
