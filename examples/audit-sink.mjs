// An audit sink: appends every event of an integration to a file, one JSON object a line, each exactly once.
// node audit-sink.mjs SERVER CREDS CONSUMER FILE, for example: node audit-sink.mjs nats://127.0.0.1:4222 audit.creds audit-rooms audit.ndjson
import { open, readFile } from 'node:fs/promises';
import { connect, credsAuthenticator } from 'nats';

const [server, creds, consumerName, file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node audit-sink.mjs SERVER CREDS CONSUMER FILE');
  process.exit(2);
}

const sink = await open(file, 'a+', 0o600);
let last = await lastPosition();
const client = await connect({
  servers: server,
  authenticator: credsAuthenticator(await readFile(creds)),
  maxReconnectAttempts: -1,
});
const js = client.jetstream({ apiPrefix: 'partyline.api' });

// Ends only if the credentials are refused. A pull that a restart of the broker interrupts is opened again.
while (!client.isClosed()) {
  try {
    const consumer = await js.consumers.get('EVENTS', consumerName);
    const messages = await consumer.consume({ idle_heartbeat: 1_000 });
    void client.closed().then(() => messages.stop());
    for await (const message of messages) {
      const event = message.json();
      // The position is the key against doubles: an event that is in the file already is only acknowledged.
      if (Number(event.position) > last) {
        await sink.appendFile(`${JSON.stringify(event)}\n`);
        await sink.datasync();
        last = Number(event.position);
      }
      message.ack();
    }
  } catch (error) {
    console.error(`the consumer is not available, trying again: ${error.message}`);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
console.error(`the broker refuses the credentials: ${(await client.closed())?.message ?? 'closed'}`);
process.exit(1);

/** The position of the last whole line of the file. A line that a crash has cut is removed. */
async function lastPosition() {
  const text = await sink.readFile('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  await sink.truncate(Buffer.byteLength(whole));
  const line = whole.trimEnd().split('\n').at(-1);
  return line ? Number(JSON.parse(line).position) : 0;
}
