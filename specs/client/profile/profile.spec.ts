// The profile of a terminal: its choice, its lock and its file. Each spec has a home folder of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { openProfile, type Profile, type ProfileChoice } from '../../../client/profile/profile.js';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import { OperatorError } from '../../../core/errors.js';
import { accountIdSchema } from '../../../core/ids.js';
import { generateSigningKey } from '../../../core/keys.js';
import type { Invite } from '../../../core/protocol/invite.js';
import { temporaryFolder } from '../../support/folder.js';

const HOLDER = fileURLToPath(new URL('holder.js', import.meta.url));
const ALICE = {
  account: accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  username: 'alice',
  jwt: 'a.b.c',
  grantedAt: 1_000,
  expiresAt: 2_000,
} as const;

interface Home {
  readonly folder: string;
  now: number;
}

const homes = new WeakMap<ExecutionContext, Promise<Home>>();

/** The home of one spec, made at the first call. It is deleted after the profiles in it are closed. */
function homeOf(t: ExecutionContext): Promise<Home> {
  const home = homes.get(t) ?? temporaryFolder(t).then((folder) => ({ folder, now: 1 }));
  homes.set(t, home);
  return home;
}

const key = () => Buffer.from(generateSigningKey().publicKey);

function inviteTo(port: number): Invite {
  return { host: '127.0.0.1', port, guest: createNKey('account').seed, sign: key(), seal: key() };
}

type Asked = Partial<Omit<ProfileChoice, 'home'>>;

async function open(t: ExecutionContext, asked: Asked): Promise<Profile> {
  const home = await homeOf(t);
  const choice = { home: home.folder, name: null, invite: null, localInvite: null, ...asked };
  const tools = { clock: { now: () => home.now++ }, newKey: generateSigningKey };
  const profile = await openProfile(choice, tools);
  t.teardown(() => profile.close());
  return profile;
}

async function refused(t: ExecutionContext, asked: Asked): Promise<OperatorError> {
  const error = await t.throwsAsync(open(t, asked), { instanceOf: OperatorError });
  t.truthy(error?.remedy);
  return error ?? t.fail();
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('profile: given a login, when the profile is closed and opened again, then key, login and invite are the same', async (t) => {
  const invite = inviteTo(4222);
  const first = await open(t, { name: 'alice', invite });
  t.is(first.enrolment, null);
  await first.enrol(ALICE);
  await first.close();

  const again = await open(t, { name: 'alice' });
  t.deepEqual(again.enrolment, ALICE);
  t.deepEqual(again.device.publicKey, first.device.publicKey);
  t.deepEqual(again.invite, invite);
  t.is(again.folder, first.folder);
});

test('profile: given a login, when it is forgotten, then there is no login and a new key, in memory and on disk', async (t) => {
  const profile = await open(t, { name: 'alice', invite: inviteTo(4222) });
  await profile.enrol(ALICE);
  const { publicKey } = profile.device;
  await profile.forget();
  t.is(profile.enrolment, null);
  t.notDeepEqual(profile.device.publicKey, publicKey);
  const forgotten = profile.device.publicKey;
  await profile.close();
  const again = await open(t, { name: 'alice' });
  t.is(again.enrolment, null);
  t.deepEqual(again.device.publicKey, forgotten);
});

test('profile: given changes in quick succession, then the last one is on disk', async (t) => {
  const profile = await open(t, { name: 'alice', invite: inviteTo(4222) });
  const names = Array.from({ length: 20 }, (_, number) => `alice-${number}`);
  await Promise.all(names.map((username) => profile.enrol({ ...ALICE, username })));
  await profile.close();
  t.is((await open(t, { name: 'alice' })).enrolment?.username, 'alice-19');
});

test('profile: folder and file are accessible to their owner only, even if they had other permissions before', async (t) => {
  const invite = inviteTo(4222);
  const profile = await open(t, { name: 'alice', invite });
  const file = join(profile.folder, 'profile.json');
  t.deepEqual([await modeOf(profile.folder), await modeOf(file)], [0o700, 0o600]);
  await profile.close();
  await chmod(profile.folder, 0o755);
  await chmod(file, 0o644);
  await open(t, { name: 'alice', invite });
  t.deepEqual([await modeOf(profile.folder), await modeOf(file)], [0o700, 0o600]);
});

test('profile: a given invite takes precedence over a local tracker, and both over the tracker that was used last', async (t) => {
  const [given, local, earlier] = [inviteTo(1), inviteTo(2), inviteTo(3)];
  await (await open(t, { name: 'alice', invite: earlier })).close();
  t.is((await open(t, { name: 'alice', invite: given, localInvite: local })).invite.port, 1);
  t.is((await open(t, { name: 'alice', localInvite: local })).invite.port, 2);
  t.is((await open(t, { name: 'alice', invite: earlier })).invite.port, 3);
});

test('profile: given one name with several trackers, when no invite is given, then the tracker that was used last is chosen', async (t) => {
  const [one, other] = [inviteTo(1), inviteTo(2)];
  const first = await open(t, { name: 'alice', invite: one });
  await first.enrol(ALICE);
  await first.close();
  await (await open(t, { name: 'alice', invite: other })).close();
  const second = await open(t, { name: 'alice' });
  t.is(second.invite.port, 2);
  t.is(second.enrolment, null);
  await second.close();
  await (await open(t, { name: 'alice', invite: one })).close();
  t.deepEqual((await open(t, { name: 'alice' })).enrolment, ALICE);
});

test('profile: given a tracker with a new address, when its new invite is given, then it is stored', async (t) => {
  const invite = inviteTo(4222);
  await (await open(t, { invite })).close();
  await (await open(t, { invite: { ...invite, port: 4333 } })).close();
  t.is((await open(t, {})).invite.port, 4333);
});

test('profile: given no tracker, no invite and no earlier profile, then the error says how to get an invite', async (t) => {
  const error = await refused(t, { name: 'alice' });
  t.regex(error.message, /has no invite yet/);
  t.regex(error.remedy, /partyline chat INVITE/);
});

test('profile: given no name, when `default` is in use, then the next unused profile is opened, and `default` again once it is released', async (t) => {
  const invite = inviteTo(4222);
  const [first, second, third] = [
    await open(t, { invite }),
    await open(t, { invite }),
    await open(t, { invite }),
  ];
  t.deepEqual([first.name, second.name, third.name], ['default', 'terminal-2', 'terminal-3']);
  t.is(new Set([first, second, third].map(({ folder }) => folder)).size, 3);
  await second.close();
  t.is((await open(t, {})).name, 'terminal-2');
});

test('profile: given no name, then an unused profile with a login is preferred to one without and to a new one', async (t) => {
  const invite = inviteTo(4222);
  const [guest, second] = [await open(t, { invite }), await open(t, { invite })];
  await second.enrol(ALICE);
  const named = await open(t, { name: 'bob', invite });
  await named.enrol({ ...ALICE, username: 'bob' });
  const far = await open(t, { name: 'terminal-10', invite });
  await far.enrol({ ...ALICE, username: 'carol' });
  for (const profile of [guest, second, named, far]) await profile.close();

  const names: string[] = [];
  for (let count = 0; count < 5; count += 1) names.push((await open(t, { invite })).name);
  t.deepEqual(names, ['terminal-2', 'terminal-10', 'bob', 'default', 'terminal-3']);
});

test('profile: given no name and a login at `default`, then `default` is opened', async (t) => {
  const invite = inviteTo(4222);
  const [first, second] = [await open(t, { invite }), await open(t, { invite })];
  await first.enrol(ALICE);
  await second.enrol({ ...ALICE, username: 'bob' });
  await second.close();
  await first.close();
  t.is((await open(t, {})).name, 'default');
});

test('profile: given no name and a damaged profile, then an error reports it and no other profile is opened', async (t) => {
  const invite = inviteTo(4222);
  const first = await open(t, { invite });
  const second = await open(t, { invite });
  await second.enrol(ALICE);
  await second.close();
  await first.close();
  await writeFile(join(first.folder, 'profile.json'), 'torn');
  t.regex((await refused(t, { invite })).message, /is not JSON/);
});

test('profile: given no name and no invite, then the tracker that was used last by any profile is chosen', async (t) => {
  await (await open(t, { invite: inviteTo(1) })).close();
  await (await open(t, { name: 'bob', invite: inviteTo(2) })).close();
  t.is((await open(t, {})).invite.port, 2);
});

test('profile: given no name, when many terminals start at once, then each has a separate profile', async (t) => {
  const invite = inviteTo(4222);
  const profiles = await Promise.all(Array.from({ length: 6 }, () => open(t, { invite })));
  t.is(new Set(profiles.map(({ name }) => name)).size, 6);
});

test('profile: given a named profile that is in use in this process, then it is refused', async (t) => {
  const invite = inviteTo(4222);
  await open(t, { name: 'alice', invite });
  const error = await refused(t, { name: 'alice', invite });
  t.regex(error.message, /"alice" is in use/);
});

test('profile: given a profile in use by another process, then it is refused until that process is killed', async (t) => {
  const invite = inviteTo(4222);
  await (await open(t, { name: 'alice', invite })).close();
  const other = fork(HOLDER, [(await homeOf(t)).folder, 'alice']);
  t.teardown(() => other.kill('SIGKILL'));
  await once(other, 'message');
  const error = await refused(t, { name: 'alice' });
  t.true(error.message.includes(`pid ${other.pid}`));
  other.kill('SIGKILL');
  await once(other, 'exit');
  t.is((await open(t, { name: 'alice' })).name, 'alice');
});

for (const name of ['', 'a b', '../alice', 'x'.repeat(33), 'ålice', 'a/b', '.']) {
  test(`profile: ${JSON.stringify(name)} is not a valid name`, async (t) => {
    t.regex((await refused(t, { name, invite: inviteTo(4222) })).message, /is not a valid profile name/);
  });
}

const damages: Readonly<Record<string, (text: string) => string | Buffer>> = {
  'cut off': (text) => text.slice(0, 100),
  empty: () => '',
  binary: () => Buffer.from([0, 255, 254, 1, 2, 3]),
  null: () => 'null',
  'of another version': (text) => text.replace('"version": 1', '"version": 2'),
  'with a short key': (text) => text.replace(/"device": "../, '"device": "'),
  'with a mistyped invite': (text) => text.replace('partyline:', 'party:'),
  'with a stranger field': (text) => text.replace('{', '{ "extra": 1,'),
  'with a wrong type': (text) => text.replace('"enrolment": null', '"enrolment": []'),
  huge: (text) => text + ' '.repeat(70_000),
};
for (const [what, damage] of Object.entries(damages)) {
  test(`profile: given a file ${what}, then it is refused and left unchanged, and no error quotes it`, async (t) => {
    const invite = inviteTo(4222);
    const profile = await open(t, { name: 'alice', invite });
    await profile.close();
    const file = join(profile.folder, 'profile.json');
    const bytes = Buffer.from(damage(await readFile(file, 'utf8')));
    await writeFile(file, bytes);
    for (const asked of [{ name: 'alice', invite }, { name: 'alice' }]) {
      const error = await refused(t, asked);
      t.true(error.message.includes(file));
      t.false(error.message.includes(profile.device.seed.toString('hex').slice(4)));
      t.false(error.message.includes(invite.guest));
    }
    t.deepEqual(await readFile(file), bytes);
    // The refusal released the lock of the folder.
    await writeFile(file, '');
    await rm(file);
    t.is((await open(t, { name: 'alice', invite })).enrolment, null);
  });
}

test('profile: given a file copied from another tracker, then it is refused', async (t) => {
  const [one, other] = [inviteTo(1), inviteTo(2)];
  const first = await open(t, { name: 'alice', invite: one });
  const second = await open(t, { name: 'alice', invite: other });
  await first.close();
  await second.close();
  const text = await readFile(join(first.folder, 'profile.json'), 'utf8');
  await writeFile(join(second.folder, 'profile.json'), text);
  t.regex((await refused(t, { name: 'alice', invite: other })).message, /another tracker/);
});

test('profile: given a folder that cannot be written, when a login is stored, then the write is rejected and the login is valid for this run', async (t) => {
  const profile = await open(t, { name: 'alice', invite: inviteTo(4222) });
  await rm(profile.folder, { recursive: true });
  await t.throwsAsync(profile.enrol(ALICE));
  t.deepEqual(profile.enrolment, ALICE);
});
