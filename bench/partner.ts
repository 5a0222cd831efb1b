// The other process of a measurement: one that only answers requests, or one end of a bare TCP line, which may write each
// line to the disk before it passes it on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { connectBus } from '../core/bus/connection/connection.js';
import { trackerCredentials } from '../core/bus/credentials/credentials.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { silentLog } from '../core/log.js';

export interface Partner {
  /** The first line it said: a port, or that it is ready. */
  readonly said: string;
  write(line: string): void;
  /** Calls back for each further line, until the function it gives is called. */
  onLine(listener: (line: string) => void): () => void;
  end(): Promise<void>;
}

/** Starts this file as a process of its own; resolves when it is ready. */
export const startPartner = (
  role: 'answer' | 'listen' | 'dial',
  ...args: readonly string[]
): Promise<Partner> => startProgram(fileURLToPath(import.meta.url), role, ...args);

/**
 * Starts a file of ours as a process of its own; resolves with its first line, rejects if it ends before. Whoever profiles this
 * process profiles it, too, if it ends by itself when it is told to.
 */
export async function startProgram(program: string, ...args: readonly string[]): Promise<Partner> {
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the partner has no pipes');
  const lines = createInterface({ input: stdout });
  const said = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) =>
      reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}`)),
    );
  });
  return {
    said,
    write: (line) => void stdin.write(`${line}\n`),
    onLine: (listener) => {
      lines.on('line', listener);
      return () => lines.off('line', listener);
    },
    async end() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function answer(home: string, servers: string): Promise<void> {
  const credentials = trackerCredentials(await openKeyring(home), Date.now());
  const bus = await connectBus({
    servers,
    credentials,
    inboxPrefix: '_INBOX_partner',
    name: 'partner',
    log: silentLog,
  });
  bus.subscribe('bench.nothing', ({ reply, data }) => {
    if (reply !== undefined) bus.publish(reply, data);
  });
  await bus.flush();
  process.stdout.write('ready\n');
}

/** Every line typed goes to the socket; every line from the socket is printed. With a file, both are stored first. */
function join(socket: Socket, file: string): void {
  socket.setNoDelay(true);
  const keep = file === '' ? () => undefined : openStore(file);
  for (const [from, to] of [
    [process.stdin, socket],
    [socket, process.stdout],
  ] as const) {
    createInterface({ input: from }).on('line', (line) => {
      keep(line);
      to.write(`${line}\n`);
    });
  }
}

function openStore(file: string): (line: string) => void {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE lines (id INTEGER PRIMARY KEY, line TEXT)');
  const insert = database.prepare('INSERT INTO lines (line) VALUES (?)');
  return (line) => void insert.run(line);
}

function listen(file: string): void {
  const server = createServer((socket) => join(socket, file));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
}

function dial(port: number, file: string): void {
  const socket = connect(port, '127.0.0.1', () => {
    process.stdout.write('ready\n');
    join(socket, file);
  });
}

const [, program, role, first = '', second = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  if (role === 'answer') await answer(first, second);
  else if (role === 'listen') listen(first);
  else dial(Number(first), second);
}
