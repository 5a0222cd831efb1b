import test from 'ava';
import { accountIdSchema, commandIdSchema, deviceIdSchema, systemIds } from '../../core/ids.js';

test('ids: each new id is different and is valid for an account or a command', (t) => {
  const some = Array.from({ length: 1_000 }, () => systemIds.next());
  t.is(new Set(some).size, some.length);
  for (const id of some) {
    if (!accountIdSchema.safeParse(id).success || !commandIdSchema.safeParse(id).success) t.fail(id);
  }
});

test('ids: no id can be more than one token of a subject', (t) => {
  const good = systemIds.next();
  for (const wrong of [
    '',
    '*',
    '>',
    `${good}.`,
    `${good}\n`,
    good.toLowerCase(),
    good.slice(1),
    `${good}0`,
    7,
    null,
  ]) {
    t.false(accountIdSchema.safeParse(wrong).success, String(wrong));
    t.false(commandIdSchema.safeParse(wrong).success, String(wrong));
    t.false(deviceIdSchema.safeParse(wrong).success, String(wrong));
  }
});

test('ids: a device is a public user nkey', (t) => {
  t.true(deviceIdSchema.safeParse(`U${'A2'.repeat(27)}Z`).success);
  for (const wrong of ['A', 'S', 'u']) t.false(deviceIdSchema.safeParse(`${wrong}${'A'.repeat(55)}`).success);
});
