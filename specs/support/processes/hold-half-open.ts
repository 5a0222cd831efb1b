// A process that opens connections and sends nothing on them: `hold-half-open tcp|udp PORT COUNT FROM`. FROM is an
// address or, for TCP, `everywhere`. When a tenth of the connections have been opened, it prints how many it holds at
// once. It runs until it is killed.
import net from 'node:net';
import { z } from 'zod';
import { createUdpCarrier } from '../../../client/links/udp/udp.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { deviceIdSchema } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';

const CONNECTING_AT_ONCE = 500;
const SPARE_FILES = 100;

const [kind, portText, countText, from = ''] = process.argv.slice(2);
const [port, count] = [Number(portText), Number(countText)];

// The number of files that the system lets this process open.
const reportSchema = z.object({ userLimits: z.object({ open_files: z.object({ soft: z.unknown() }) }) });
const { soft } = reportSchema.parse(process.report.getReport()).userLimits.open_files;
const openAtOnce = (typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY) - SPARE_FILES;

let opened = 0;
let connecting = 0;
let open = 0;

function more(): void {
  while (opened + connecting < count && connecting < CONNECTING_AT_ONCE && open + connecting < openAtOnce) {
    connecting += 1;
    connect();
  }
}

function hasOpened(): void {
  connecting -= 1;
  opened += 1;
  open += 1;
  if (opened === Math.ceil(count / 10)) console.log(`holding at most ${Math.min(openAtOnce, count)} at once`);
  setImmediate(more);
}

function hasClosed(): void {
  open -= 1;
  setImmediate(more);
}

function hasFailed(): void {
  connecting -= 1;
  setImmediate(more);
}

// Loopback has 2^24 addresses, so `everywhere` uses a new one for each connection.
const ownAddress = (): string =>
  from === 'everywhere' ? `127.1.${opened % 256}.${1 + Math.floor(opened / 256)}` : from;

function connectTcp(): void {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: ownAddress() });
  let isOpen = false;
  socket.once('connect', () => {
    isOpen = true;
    hasOpened();
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => (isOpen ? hasClosed() : hasFailed()));
  socket.resume();
}

const carrier = createUdpCarrier({
  host: kind === 'udp' ? from : '127.0.0.1',
  clock: systemClock,
  schedule: systemSchedule,
  log: silentLog,
});
const nobody = deviceIdSchema.parse(`U${'A'.repeat(55)}`);

async function connectUdp(): Promise<void> {
  const [route] = carrier.routes({ device: nobody, candidates: [{ ip: '127.0.0.1', port }] });
  try {
    const raw = await route?.connect(new AbortController().signal);
    raw?.on('error', () => raw.destroy());
    raw?.once('close', hasClosed);
    raw?.resume();
    hasOpened();
  } catch {
    // The request was lost in the crowd, so the process tries again.
    hasFailed();
  }
}

const connect = kind === 'udp' ? () => void connectUdp() : connectTcp;
more();
setInterval(() => undefined, 60_000);
