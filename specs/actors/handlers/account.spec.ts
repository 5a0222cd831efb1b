import test from 'ava';
import { grantSchema } from '../../../core/protocol/operations.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, openOffice } from '../office.js';

test('account: given an enrolled device, when it renews, then it needs no password; any other is not enrolled', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const answer = await office.authentication.renew(ann.device);
  t.is(answer.phrase, 'RENEWAL_SUCCESSFUL');
  t.like(grantSchema.parse(answer.data), { account: ann.account, username: 'Ann', device: ann.device });
  t.is((await office.authentication.renew(newDeviceId())).phrase, 'NOT_ENROLLED');
  t.is((await office.ask.account(ann, { operation: 'RENEW' })).phrase, 'RENEWAL_SUCCESSFUL');
});

test('account: given a device, when it logs out, then it is forgotten, and the others stay', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const phone = await office.another(ann);
  t.is((await office.ask.account(phone, { operation: 'LOGOUT' })).phrase, 'LOGOUT_SUCCESSFUL');
  t.is((await office.authentication.renew(phone.device)).phrase, 'NOT_ENROLLED');
  t.is((await office.authentication.renew(ann.device)).phrase, 'RENEWAL_SUCCESSFUL');
  t.is((await office.ask.account(phone, { operation: 'LOGOUT' })).phrase, 'NOT_ENROLLED');
});

test('account: given an id that was used for something else, when a device logs out by it, then that is refused', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const id = newCommandId();
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' }, id);
  t.is((await office.ask.account(ann, { operation: 'LOGOUT' }, id)).phrase, 'INVALID_COMMAND');
  t.is(await office.directory.ownerOf(ann.device), ann.account);
});

test('account: given a malformed operation, then the account says what does not fit', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  for (const data of [null, 'RENEW', {}, { operation: 'DELETE' }, { operation: 7 }] as const) {
    t.is((await office.ask.account(ann, data)).phrase, 'INVALID_COMMAND');
  }
});
