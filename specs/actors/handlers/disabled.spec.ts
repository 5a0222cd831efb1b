import test from 'ava';
import type { AccountCommand } from '../../../actors/account/commands.js';
import { systemMetadata } from '../../../actors/system-command.js';
import { systemIds } from '../../../core/ids.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { newDeviceId } from '../../support/identities.js';
import { openTrackerFixture } from '../tracker-fixture.js';
import { login, register } from './attempts.js';

test('authentication: given a disabled account, then only its password or a revoked device gets the reason', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [desk, phone] = [newDeviceId(), newDeviceId()];
  const { account } = grantSchema.parse((await register(fixture, { device: desk })).data);
  await login(fixture, { device: phone });
  await fixture.ask.account({ account, device: phone }, { operation: 'LOGOUT' });
  const tell = (command: AccountCommand) =>
    fixture.host.send({ kind: 'account', id: account, command, metadata: systemMetadata(systemIds) });
  await tell({ type: 'DisableAccount', account, personal: { reason: 'sold her keyboard' } });

  const refused = {
    phrase: 'ACCOUNT_DISABLED',
    message: 'The operator of the tracker has disabled the account Ann. Reason: sold her keyboard',
  } as const;
  t.deepEqual(await login(fixture), refused);
  t.deepEqual(await fixture.authentication.renew(desk), refused);
  t.deepEqual(await login(fixture, { password: 'wrong-horse-battery' }), { phrase: 'LOGIN_FAILED' });
  t.deepEqual(await register(fixture, { username: 'ANN' }), { phrase: 'USERNAME_TAKEN' });
  const strangers = [phone, newDeviceId()];
  for (const device of strangers) {
    t.deepEqual(await fixture.authentication.renew(device), { phrase: 'NOT_ENROLLED' });
  }

  await tell({ type: 'EnableAccount', account });
  t.regex(
    (await fixture.authentication.renew(desk)).message ?? '',
    /logged out .* by the operator of the tracker at /,
  );
  t.is((await login(fixture, { device: desk })).phrase, 'LOGIN_SUCCESSFUL');
  await tell({ type: 'DisableAccount', account, personal: { reason: '' } });
  t.deepEqual(await login(fixture), {
    phrase: 'ACCOUNT_DISABLED',
    message: 'The operator of the tracker has disabled the account Ann.',
  });
});
