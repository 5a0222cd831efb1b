import test from 'ava';
import { createIntroducer } from '../../../../client/chat/peers/introducer.js';
import type { Identity } from '../../../../client/session/port.js';
import { type AccountId, accountIdSchema, commandIdSchema, systemIds } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { respond } from '../../../../core/protocol/envelope.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import { newDevice } from '../support/world.js';

const newAccount = () => accountIdSchema.parse(systemIds.next());
const login = (account: AccountId): Identity => ({ account, username: 'somebody', device: newDevice() });
const signed = signStatement(generateSigningKey(), 'introduction', {});

test('introducer: given a person introduced to the previous user, then the next user who logs in does not ask for them', async (t) => {
  const [alice, carol, mallory] = [newAccount(), newAccount(), newAccount()];
  const asked: unknown[] = [];
  const kept: AccountId[][] = [];
  const session = {
    identity: login(alice),
    async request(_: unknown, data: unknown) {
      asked.push(data);
      const id = commandIdSchema.parse(systemIds.next());
      return respond({ id, connection: 'TCP' }, 3, { phrase: 'INTRODUCED', data: { introductions: [] } });
    },
  };
  const peer = { account: mallory, username: 'mallory', device: newDevice(), addresses: [] };
  const introducer = createIntroducer({
    session,
    history: { pendingCounts: async () => new Map() },
    rooms: { joinedBy: () => [] },
    conversations: { partners: () => [] },
    carrierChoices: { towards: () => 'auto' },
    peers: {
      introduce: async () => ({ v: 1, to: session.identity.device, peer, connection: 'TCP', at: 1 }),
      openOf: () => [],
      keepOnly: async (accounts) => void kept.push([...accounts]),
      rechoose: () => undefined,
    },
    isBlocked: () => false,
    log: silentLog,
  });
  await introducer.accept(signed, null);
  t.true(await introducer.introduceToWanted('all'));
  session.identity = login(carol);
  t.true(await introducer.introduceToWanted('all'));
  await introducer.prune();
  t.deepEqual(asked, [{ accounts: [alice, mallory] }, { accounts: [carol] }]);
  t.deepEqual(kept, [[carol]]);
});
