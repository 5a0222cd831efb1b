// The privacy setting for addresses. A stranger's link goes through the broker until the person answers, also after
// restarts.
import test from 'ava';
import { z } from 'zod';
import type { JsonTerminal } from '../../../bin/demo/json-terminal.js';
import { PASSWORD } from '../../support/device.js';
import { openStage, type Stage } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';

const linksSchema = z.object({
  links: z.array(z.object({ peer: z.string(), link: z.string().nullable(), reason: z.string() })),
});

async function linkTo(terminal: JsonTerminal, username: string) {
  const { links } = linksSchema.parse((await terminal.type('/links'))['data']);
  return links.find(({ peer }) => peer === username);
}

const isCarriedBy = (terminal: JsonTerminal, username: string, carrier: string): Promise<true> =>
  until(
    async () => (await linkTo(terminal, username))?.link === carrier,
    `a link to ${username} over ${carrier}`,
  );

async function person(stage: Stage, username: string): Promise<JsonTerminal> {
  const terminal = stage.terminal(username);
  t300(await terminal.type(`/register ${username} ${PASSWORD}`));
  return terminal;
}

function t300(reply: Readonly<Record<string, unknown>>): void {
  if (typeof reply['status'] !== 'number' || reply['status'] % 2 === 1)
    throw new Error(JSON.stringify(reply));
}

/** A private message from `from` reaches `to` over this carrier. */
async function arrives(from: JsonTerminal, [to, username]: readonly [JsonTerminal, string], carrier: string) {
  const { id } = await from.type(`/open @${username}`).then(() => from.type('are you there?'));
  await to.expect({ event: 'message', id, link: carrier }, `a message over ${carrier}`);
}

test("privacy: given a person who gives addresses to contacts only, then a stranger's link goes through the broker, and directly after an answer", async (t) => {
  const stage = await openStage(t);
  const [alice, bob, carol] = [
    await person(stage, 'alice'),
    await person(stage, 'bob'),
    await person(stage, 'carol'),
  ];
  await alice.type('/msg carol hi');
  await isCarriedBy(carol, 'alice', 'tcp');
  t.like(await alice.type('/privacy contacts'), {
    status: 300,
    phrase: 'PRIVACY_CHOSEN',
    data: { privacy: 'contacts' },
  });

  const started = await bob.type('/msg alice');
  t.like(started, { status: 300, phrase: 'PRIVATE_SESSION_INITIATED' });
  t.regex(
    started['message'],
    /^The private conversation with alice is open\. alice shares addresses only with people/,
  );
  await arrives(bob, [alice, 'alice'], 'relay');
  for (const [terminal, other] of [
    [bob, 'alice'],
    [alice, 'bob'],
  ] as const)
    t.regex((await linkTo(terminal, other))?.reason ?? '', /no addresses are exchanged/);
  await bob.type('/link tcp @alice');
  t.like(await linkTo(bob, 'alice'), { link: null });
  await bob.type('/link auto @alice');
  await isCarriedBy(bob, 'alice', 'relay');

  await stage.crashTracker();
  await Promise.all([alice.kill(), bob.kill()]);
  const [bobAgain, aliceAgain] = [stage.terminal('bob'), stage.terminal('alice')];
  for (const one of [bobAgain, aliceAgain])
    await one.expect({ event: 'session', state: 'online' }, 'being online');
  const desk = stage.terminal('desk');
  await desk.type(`/login alice ${PASSWORD}`);
  t.like(await desk.type('/privacy'), { phrase: 'PRIVACY_TOLD', data: { privacy: 'contacts' } });
  await isCarriedBy(bobAgain, 'alice', 'relay');
  await isCarriedBy(carol, 'alice', 'tcp');
  await isCarriedBy(desk, 'alice', 'tcp');

  await aliceAgain.type('/open @bob');
  await aliceAgain.type('now you know me');
  await isCarriedBy(bobAgain, 'alice', 'tcp');
  t.notRegex((await linkTo(bobAgain, 'alice'))?.reason ?? '', /No addresses/);
});

test('privacy: given a shared room, then its members are linked directly under any setting, and with the setting "open" everyone is', async (t) => {
  const stage = await openStage(t);
  const [alice, bob] = [await person(stage, 'alice'), await person(stage, 'bob')];
  await alice.type('/privacy contacts');
  await bob.type('/privacy contacts');
  await alice.type('/create lobby');
  t.like(await bob.type('/join lobby'), { phrase: 'JOIN_S' });
  await isCarriedBy(bob, 'alice', 'tcp');
  const carol = await person(stage, 'carol');
  await carol.type('/msg alice hi');
  await isCarriedBy(carol, 'alice', 'relay');
  t.like(await alice.type('/privacy open'), { phrase: 'PRIVACY_CHOSEN', data: { privacy: 'open' } });
  await isCarriedBy(carol, 'alice', 'tcp');
});
