// The operating system refuses a tracker's writes because its files may not grow. The tracker recovers without help
// once they may grow.
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { type CommandId, commandIdSchema, systemIds } from '../../core/ids.js';
import { parseInvite } from '../../core/protocol/invite.js';
import { isSuccess } from '../../core/protocol/status.js';
import { openGuest } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';
import { auditLedger } from './support/accepted-messages.js';

const MOST_ROOMS = 500;
const REFUSALS = 10;

/** Sets the largest file size that the process may write, in bytes, or `unlimited`. Linux only. */
const limitFiles = (pid: number, most: string): Promise<unknown> =>
  promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${most}:`]);

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'faults: given a tracker whose files may not grow, then it answers UNAVAILABLE, keeps running, and serves again once they may grow',
  async (t) => {
    const stage = await openStage(t);
    const parsed = parseInvite(stage.invite);
    if (!('invite' in parsed)) return t.fail(parsed.refusal);
    const guest = await openGuest(parsed.invite);
    t.teardown(() => guest.close());
    const ann = await guest.become(await guest.enter('register', 'ann'));
    t.teardown(() => ann.close());
    const { pid } = stage.tracker();
    const acknowledged: CommandId[] = [];
    const change = async (operation: string, name: string, id = newId()) => {
      const answer = await ann.ask('chatroom', 'ChatRoom', { operation, name }, id);
      if (isSuccess(answer.status)) acknowledged.push(id);
      return { id, name, answer };
    };

    await limitFiles(pid, String((await stat(join(stage.home, 'tracker.db-wal'))).size));
    const refused: { readonly id: CommandId; readonly name: string }[] = [];
    for (let count = 0; count < MOST_ROOMS && refused.length < REFUSALS; count += 1) {
      const created = await change('CREATE', `room-${count}`);
      if (isSuccess(created.answer.status)) await change('QUIT', created.name);
      else {
        t.like(created.answer, { status: 501, phrase: 'UNAVAILABLE' });
        refused.push(created);
      }
    }
    t.is(refused.length, REFUSALS, 'the file limit was reached');
    t.is((await change('SEE', 'none')).answer.status % 2, 1, 'a query for an unknown room is still answered');

    await limitFiles(pid, 'unlimited');
    for (const { id, name } of refused)
      t.like((await change('CREATE', name, id)).answer, { phrase: 'CREATION_S' });
    t.is(stage.tracker().pid, pid);
    await stage.tracker().stop('SIGTERM');
    const events = await auditLedger(t, stage.home);
    for (const id of acknowledged) {
      t.is(
        new Set(events.filter(({ metadata }) => metadata.commandId === id).map(({ stream }) => stream)).size,
        1,
      );
    }
    t.log(`${acknowledged.length} commands acknowledged, ${events.length} events`);
  },
);

const newId = (): CommandId => commandIdSchema.parse(systemIds.next());
