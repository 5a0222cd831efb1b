// The scene of the demo: the actions of each person and the events that each must see. Each step waits for its expected
// events.
import type { JsonTerminal, Reply } from './json-terminal.js';
import type { Wire } from './wire.js';

type Who = 'alice' | 'bob' | 'carol';

export interface Stage {
  /** Opens the terminal of a person. A second call opens the same terminal again after it has ended. */
  readonly open: (who: Who) => JsonTerminal;
  /** The connection between carol and the broker. */
  readonly wire: Wire;
  readonly narrate: (line: string) => void;
}

const PASSWORD = 'correct-horse-battery';

export async function playScene({ open, wire, narrate }: Stage): Promise<void> {
  const alice = open('alice');
  const bob = open('bob');
  const carol = open('carol');

  narrate('The three people register; one name is already taken.');
  await done(alice.type(`/register alice ${PASSWORD}`), 100);
  // Carol tries the taken name before she has an account: a terminal that is logged in would get another refusal.
  const taken = await done(carol.type(`/register alice ${PASSWORD}`), 101);
  if (taken.phrase !== 'USERNAME_TAKEN') throw new Error(`a taken name was refused with ${taken.phrase}`);
  await Promise.all([
    done(bob.type(`/register bob ${PASSWORD}`), 100),
    done(carol.type(`/register carol ${PASSWORD}`), 100),
  ]);

  narrate('alice creates a room; the others join, and all three link up directly.');
  await done(alice.type('/create lobby'), 200);
  await done(bob.type('/join lobby'), 200);
  await done(carol.type('/join lobby'), 200);
  await Promise.all([linked(alice, 'bob'), linked(alice, 'carol'), linked(bob, 'carol')]);

  narrate('They talk in the room.');
  const hello = await done(alice.type('hello **world**'), 400);
  const bold = [{ style: 'bold', start: 6, end: 11 }];
  for (const reader of [bob, carol]) {
    await reader.expect(
      { event: 'message', from: 'alice', text: 'hello world', spans: bold },
      "alice's greeting",
    );
  }
  await delivered(alice, hello, 2);
  await done(bob.type('hi all, the plan is at https://example.com/plan'), 400);
  await carol.expect({ event: 'message', from: 'bob', conversation: '#lobby' }, "bob's answer");

  narrate('bob and alice talk in private.');
  await done(bob.type('/msg alice psst, only you can read this'), 300);
  await alice.expect({ event: 'message', from: 'bob', conversation: '@bob' }, "bob's private message");

  narrate('alice leaves; bob joined before carol, so bob now leads.');
  await done(alice.type('/leave lobby'), 200);
  for (const member of [bob, carol]) {
    await member.expect({ event: 'notice', type: 'AdminSucceeded', username: 'bob' }, 'the succession');
  }
  await done(bob.type('/members lobby'), 200);

  narrate('carol loses her connection to the broker; her terminal reconnects by itself.');
  const before = carol.seen.length;
  wire.cut();
  await carol.expect({ event: 'session', state: 'reconnecting' }, 'the loss of the connection', before);
  wire.mend();
  await carol.expect({ event: 'session', state: 'online' }, 'the connection', before);
  await done(bob.type('/open #lobby'), 500);
  await done(carol.type('I was gone for a moment'), 400);
  await bob.expect({ event: 'message', from: 'carol' }, "carol's message");

  narrate("carol's terminal is killed; a message sent in the meantime waits for her.");
  await carol.kill();
  const missed = await done(bob.type('are you still there?'), 400);
  const again = open('carol');
  await again.expect({ event: 'session', state: 'online' }, 'coming online by itself');
  await again.expect({ event: 'message', from: 'bob', text: 'are you still there?' }, 'the waiting message');
  await delivered(bob, missed, 1);

  const overheard = [...carol.seen, ...again.seen].filter((event) =>
    JSON.stringify(event).includes('only you can'),
  );
  if (overheard.length > 0) throw new Error('carol has seen a private message of the others');

  narrate('All leave.');
  await Promise.all([left(alice), left(bob), left(again)]);
}

async function done(reply: Promise<Reply>, status: number): Promise<Reply> {
  const got = await reply;
  if (got.status !== status)
    throw new Error(`expected ${status}, got ${got.status} ${got.phrase}: ${got.message}`);
  return got;
}

async function linked(terminal: JsonTerminal, peer: string): Promise<void> {
  await terminal.expect({ event: 'link', peer, state: 'open', link: 'tcp' }, `the link to ${peer}`);
}

async function delivered(author: JsonTerminal, { id }: Reply, of: number): Promise<void> {
  await author.expect({ event: 'delivery', id, state: 'delivered', acked: of, of }, 'the delivery');
}

async function left(terminal: JsonTerminal): Promise<void> {
  const code = await terminal.leave();
  if (code !== 0) throw new Error(`a terminal ended with ${code ?? 'a signal'}`);
}
