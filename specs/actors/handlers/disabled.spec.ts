import test from 'ava';
import type { AccountCommand } from '../../../actors/account/commands.js';
import { ownMetadata } from '../../../actors/system-command.js';
import { systemIds } from '../../../core/ids.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { newDeviceId } from '../../support/identities.js';
import { openOffice } from '../tracker-fixture.js';
import { login, register } from './attempts.js';

test('authentication: given a disabled account, then only who has its password or a device that was put out is told, with the reason', async (t) => {
  const office = await openOffice(t);
  const [desk, phone] = [newDeviceId(), newDeviceId()];
  const { account } = grantSchema.parse((await register(office, { device: desk })).data);
  await login(office, { device: phone });
  await office.ask.account({ account, device: phone }, { operation: 'LOGOUT' });
  const tell = (command: AccountCommand) =>
    office.host.send({ kind: 'account', id: account, command, metadata: ownMetadata(systemIds) });
  await tell({ type: 'DisableAccount', account, personal: { reason: 'sold her keyboard' } });

  const refused = {
    phrase: 'ACCOUNT_DISABLED',
    message: 'The operator of the tracker has disabled the account Ann. Reason: sold her keyboard',
  } as const;
  t.deepEqual(await login(office), refused);
  t.deepEqual(await office.authentication.renew(desk), refused);
  t.deepEqual(await login(office, { password: 'wrong-horse-battery' }), { phrase: 'LOGIN_FAILED' });
  t.deepEqual(await register(office, { username: 'ANN' }), { phrase: 'USERNAME_TAKEN' });
  const strangers = [phone, newDeviceId()];
  for (const device of strangers) {
    t.deepEqual(await office.authentication.renew(device), { phrase: 'NOT_ENROLLED' });
  }

  await tell({ type: 'EnableAccount', account });
  t.regex(
    (await office.authentication.renew(desk)).message ?? '',
    /logged out .* by the operator of the tracker at /,
  );
  t.is((await login(office, { device: desk })).phrase, 'LOGIN_SUCCESSFUL');
  await tell({ type: 'DisableAccount', account, personal: { reason: '' } });
  t.deepEqual(await login(office), {
    phrase: 'ACCOUNT_DISABLED',
    message: 'The operator of the tracker has disabled the account Ann.',
  });
});
