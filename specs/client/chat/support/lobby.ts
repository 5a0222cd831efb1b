// A room of several terminals, and the messages of the room that each terminal has.
import type { ConversationId } from '../../../../core/protocol/message/message.js';
import { until } from '../../../support/until.js';
import type { Terminal, World } from './world.js';

/** Terminals of these users, all in one room and linked to each other. */
export async function inRoom(world: World, ...names: readonly string[]): Promise<readonly Terminal[]> {
  const terminals: Terminal[] = [];
  for (const name of names) {
    const terminal = await world.terminal(name);
    await (terminals.length === 0 ? terminal.chat.create('lobby') : terminal.chat.join('lobby'));
    terminals.push(terminal);
  }
  await allLinked(world, terminals);
  return terminals;
}

export async function allLinked(world: World, terminals: readonly Terminal[]): Promise<void> {
  for (const { device } of terminals) {
    const open = () =>
      world.net
        .end(device)
        .list()
        .filter(({ state }) => state === 'open').length;
    await until(() => open() === terminals.length - 1, 'all are linked');
  }
}

/** Lets users without terminals join the lobby, one after the other. */
export async function joinLobby(world: World, ...names: readonly string[]): Promise<void> {
  for (const name of names) await (await world.user(name)).join('lobby');
}

export async function lobby({ tracker }: World): Promise<ConversationId> {
  const { conversation } = await tracker.room('lobby');
  return conversation;
}

export async function textsOf(terminal: Terminal, conversation: ConversationId): Promise<readonly string[]> {
  const all = await terminal.history.messagesBefore(conversation, null, 10_000);
  return all.map(({ message }) => message.text);
}

export const has = (terminal: Terminal, conversation: ConversationId, count: number) =>
  until(
    async () => (await textsOf(terminal, conversation)).length >= count,
    `${terminal.username} has ${count} messages`,
    30_000,
  );

/** Says `count` messages at once. They share signatures as far as one signature covers them. */
export async function saysMany(terminal: Terminal, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => `${terminal.username} ${index}`);
  await Promise.all(lines.map((line) => terminal.chat.say('#lobby', line)));
}
