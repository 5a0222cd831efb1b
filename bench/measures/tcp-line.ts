// Lines from one process to another over bare TCP: the baseline of a chat without names, keys and history.
import { join } from 'node:path';
import { startPartner } from '../partner.js';

export interface TcpLine {
  write(text: string): void;
  /** Calls `listener` for each line that arrives at the other end. */
  onText(listener: (text: string) => void): void;
  close(): Promise<void>;
}

/** With a folder, each end stores a line durably before it passes the line on, as a terminal does. */
export async function openTcpLine(folder: string | null): Promise<TcpLine> {
  const file = (name: string): string => (folder === null ? '' : join(folder, name));
  const listener = await startPartner('listen', file('listener.db'));
  const dialler = await startPartner('dial', listener.firstLine, file('dialler.db'));
  return {
    write: (text) => dialler.write(text),
    onText: (listen) => void listener.onLine(listen),
    async close() {
      await dialler.end();
      await listener.end();
    },
  };
}
