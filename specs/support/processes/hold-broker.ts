// A process that runs a broker in the given home, prints one line `<pid> <port>`, and runs until it is killed.
import { startBroker } from '../../../core/bus/broker/process.js';
import { applicationAccountJwt } from '../../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { systemClock, keepAliveSchedule } from '../../../core/time/clock.js';
import { silentLog } from '../../../core/log.js';
import { testNats } from '../bus/broker.js';

const [home = ''] = process.argv.slice(2);
const keyring = await openKeyring(home);
const { pid, port } = await startBroker({
  nats: await testNats(),
  home,
  host: '127.0.0.1',
  port: 0,
  keyring,
  accountJwt: applicationAccountJwt(keyring, Date.now(), new Map()),
  log: silentLog,
  clock: systemClock,
  schedule: keepAliveSchedule,
});
console.log(`${pid} ${port}`);
setInterval(() => {}, 60_000);
