// A tracker that is asked to stop under load: it finishes and answers all accepted requests.
import { join } from 'node:path';
import test from 'ava';
import Database from 'libsql';
import { z } from 'zod';
import { BusError } from '../../core/bus/connection/failure.js';
import { parseInvite } from '../../core/protocol/invite.js';
import { isSuccess } from '../../core/protocol/status.js';
import { type Device, openGuest } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const DEVICES = 6;
const LANES_EACH = 8;

test('drain: given SIGTERM under load, then the tracker answers every accepted request, does nothing that it does not answer, and exits with 0', async (t) => {
  const stage = await openStage(t);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);
  const { invite } = parsed;
  const devices = await Promise.all(
    Array.from({ length: DEVICES }, async (_, index) => {
      const guest = await openGuest(invite);
      const device = await guest.become(await guest.enter('register', `drain-${index}`));
      t.teardown(() => device.close());
      await guest.close();
      return device;
    }),
  );
  /** The successful requests: each is one operation on a room. */
  const answered: string[] = [];
  const lanes = devices.flatMap((device, index) =>
    Array.from({ length: LANES_EACH }, (_, lane) => work(device, `room-${index}-${lane}`, answered)),
  );
  await until(() => answered.length > 10 * lanes.length, 'there is load');
  const atSignal = answered.length;
  const [code, ...ends] = await Promise.all([stage.tracker().stop('SIGTERM'), ...lanes]);

  t.is(code, 0, stage.tracker().errors);
  t.true(answered.length > atSignal, 'accepted requests were answered');
  for (const end of ends) t.regex(end, /^(no-responders|disconnected)$/);
  t.deepEqual(doneIn(stage.home), answered.toSorted());
});

/** Creates and leaves one room until no answer comes. Resolves with the kind of the error that ended it. */
async function work(device: Device, name: string, answered: string[]): Promise<string> {
  for (let turn = 0; ; turn += 1) {
    const operation = turn % 2 === 0 ? 'CREATE' : 'QUIT';
    try {
      const { status, message } = await device.ask('chatroom', 'ChatRoom', { operation, name });
      if (!isSuccess(status)) throw new Error(message);
      answered.push(operation);
    } catch (thrown) {
      if (thrown instanceof BusError) return thrown.kind;
      throw thrown;
    }
  }
}

const rows = z.array(z.object({ type: z.enum(['RoomCreated', 'RoomClosed']) }));

/** The operations recorded in the log, in the words of the requests. */
function doneIn(home: string): readonly string[] {
  const database = new Database(join(home, 'tracker.db'), { readonly: true });
  const found = database.prepare("SELECT type FROM events WHERE type IN ('RoomCreated', 'RoomClosed')").all();
  database.close();
  return rows
    .parse(found)
    .map(({ type }) => (type === 'RoomCreated' ? 'CREATE' : 'QUIT'))
    .toSorted();
}
