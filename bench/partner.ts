// The second process of a measurement: it only answers requests, or it is one end of a bare TCP line. It may store each line on
// disk before it passes the line on.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { spawnTied } from '../bin/children/tied.js';
import { connectBus } from '../core/bus/connection/connection.js';
import { trackerCredentials } from '../core/bus/credentials/credentials.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { silentLog } from '../core/log.js';

export interface Partner {
  /** Its first output line: a port, or `ready`. */
  readonly firstLine: string;
  write(line: string): void;
  /** Calls `listener` for each further line until the function returned is called. */
  onLine(listener: (line: string) => void): () => void;
  end(): Promise<void>;
}

/** Starts this file in a separate process; resolves when it is ready. */
export const startPartner = (
  role: 'answer' | 'listen' | 'dial',
  ...args: readonly string[]
): Promise<Partner> => startProgram(fileURLToPath(import.meta.url), role, ...args);

/**
 * Starts a program in a separate process that ends with this one. Resolves with its first line; rejects if the program exits
 * before. The program inherits this process's Node options, so profiling this process also profiles the program if it exits by
 * itself on SIGTERM.
 */
export async function startProgram(program: string, ...args: readonly string[]): Promise<Partner> {
  const {
    process: child,
    stdin,
    stdout,
  } = spawnTied({
    words: [...process.execArgv, program, ...args],
    stdin: 'pipe',
    stderr: 'inherit',
  });
  const lines = createInterface({ input: stdout });
  const firstLine = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) =>
      reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}`)),
    );
  });
  return {
    firstLine,
    write: (line) => void stdin?.write(`${line}\n`),
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

/** Copies lines from standard input to the socket and from the socket to standard output. With a file, each line is stored first. */
function copyLines(socket: Socket, file: string): void {
  socket.setNoDelay(true);
  const store = file === '' ? () => undefined : openStore(file);
  for (const [from, to] of [
    [process.stdin, socket],
    [socket, process.stdout],
  ] as const) {
    createInterface({ input: from }).on('line', (line) => {
      store(line);
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
  const server = createServer((socket) => copyLines(socket, file));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
}

function dial(port: number, file: string): void {
  const socket = connect(port, '127.0.0.1', () => {
    process.stdout.write('ready\n');
    copyLines(socket, file);
  });
}

const [, program, role, first = '', second = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  if (role === 'answer') await answer(first, second);
  else if (role === 'listen') listen(first);
  else dial(Number(first), second);
}
