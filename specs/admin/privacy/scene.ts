// A home with personal data in every place that can have some, and its redaction.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExecutionContext } from 'ava';
import { redact, type RedactionRequest } from '../../../admin/privacy/redact.js';
import { verifyHome } from '../../../admin/verify.js';
import { systemMetadata } from '../../../actors/system-command.js';
import type { Database } from '../../../core/events/sql/database.js';
import { systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { temporaryFolder } from '../../support/folder.js';
import { newDeviceId } from '../../support/identities.js';
import { moderated } from '../histories.js';
import { change, inHome, migrations, storeHome } from '../archive/stored-home.js';

export const nothing = () => undefined;
export const REASON = 'request 4711';

export const redactIn = (
  home: string,
  request: Partial<RedactionRequest>,
  watch?: (database: Database) => Database,
) =>
  inHome(
    home,
    (opened) =>
      redact(
        { home: opened, migrations, clock: systemClock, ids: systemIds, ...(watch && { watch }) },
        { subject: { kind: 'positions', positions: [] }, reason: REASON, by: 'root', ...request },
      ),
    'change',
  );

export const verified = (home: string) =>
  inHome(home, async (opened) => (await verifyHome(opened, nothing)).kind, 'change');

/** A home in which Zelda, who was Quuxine before, left texts in every place that can have some. */
export async function openScene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, 3, 60);
  const zelda = await fixture.enrolled('Quuxine');
  const friend = await fixture.enrolled('Friend');
  const { account, device } = zelda;
  const { rooms } = fixture.ask;
  await fixture.ask.account(zelda, { operation: 'RENAME', username: 'Zelda' });
  await fixture.host.send({
    kind: 'account',
    id: account,
    command: { type: 'EnrolDevice', account, device: newDeviceId(), personal: { deviceName: 'Wristwatch' } },
    metadata: systemMetadata(systemIds),
  });
  await rooms(friend, { operation: 'CREATE', name: 'garden' });
  await rooms(friend, { operation: 'TOPIC', name: 'garden', topic: 'Ask ZELDA, who waters' });
  await rooms(zelda, { operation: 'JOIN', name: 'garden' });
  await rooms(friend, { operation: 'REMOVE', name: 'garden', username: 'Zelda', reason: 'drowned a cactus' });
  await rooms(friend, { operation: 'CREATE', name: 'zelda-fans' });
  await rooms(friend, { operation: 'CREATE', name: 'for-zelda' });
  const home = await storeHome(fixture, await temporaryFolder(t));
  const other = friend.account;
  change(
    home,
    ['INSERT OR IGNORE INTO log_identity VALUES (1, ?, ?)', 'ab'.repeat(16), 1_700_000_000_000],
    ['INSERT OR REPLACE INTO whereabouts VALUES (?, ?, ?)', device, '["203.0.113.99:4000"]', 1],
    ['INSERT OR IGNORE INTO login_failures VALUES (?, ?, 2, 3, NULL)', 'zelda', '203.0.113.98'],
    ['INSERT OR IGNORE INTO login_failures VALUES (?, ?, 2, 3, ?)', 'typo', '203.0.113.97', account],
    ['INSERT OR IGNORE INTO credentials VALUES (?, ?)', `password-${account}`, '$2b$10$zeldahash'],
    ['INSERT OR IGNORE INTO credentials VALUES (?, ?)', `password-${other}`, '$2b$10$friendhash'],
    [
      'INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, 5)',
      device,
      'first',
      'digest',
      '{"own":"203.0.113.96"}',
    ],
    [
      'INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, 5)',
      friend.device,
      'second',
      'd',
      '{"members":["Zelda"]}',
    ],
    [
      'INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, 5)',
      friend.device,
      'third',
      'd',
      '{"members":["Friend"]}',
    ],
    ['INSERT OR IGNORE INTO blocks VALUES (?, ?, 4)', other, account],
    [
      'INSERT OR IGNORE INTO stopped_streams VALUES (?, ?, 1, 1, ?)',
      'notices',
      'room-1',
      'Zelda is unreadable',
    ],
    // Left in a free page.
    ['INSERT INTO credentials VALUES (?, ?)', 'old', 'Quuxine was here '.repeat(2_000)],
    ["DELETE FROM credentials WHERE owner = 'old'"],
  );
  return { home, account, other };
}

export const GONE = ['quuxine', 'wristwatch', 'cactus', 'waters', '203.0.113.', 'zeldahash'];

/** The texts of `texts` that a file of the home contains, in upper or lower case. */
export async function found(home: string, texts: readonly string[]): Promise<readonly string[]> {
  const hits: string[] = [];
  for (const name of await readdir(home, { recursive: true })) {
    if (!(await stat(join(home, name))).isFile()) continue;
    const content = (await readFile(join(home, name), 'latin1')).toLowerCase();
    hits.push(...texts.filter((text) => content.includes(text)).map((text) => `${name}: ${text}`));
  }
  return hits;
}
