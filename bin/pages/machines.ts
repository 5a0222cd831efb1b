// docs/reference/machines.md, made from the state machines: a diagram of each machine, and a table of the answers of each machine
// that takes commands.
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { accountAggregate } from '../../actors/account/aggregate.js';
import { integrationAggregate } from '../../actors/integration/aggregate.js';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { quarantineAggregate } from '../../actors/quarantine/aggregate.js';
import { linkMachine } from '../../client/links/link/machine.js';
import { sessionMachine } from '../../client/session/connection/machine.js';
import { head, row } from './table.js';

interface Chapter {
  readonly title: string;
  readonly text: string;
  readonly machine: AnyStateMachine;
  /** The commands that the machine takes. Empty for a machine that receives only facts. */
  readonly commands: readonly string[];
}

const CHAPTERS: readonly Chapter[] = [
  {
    title: 'An account',
    text: 'One per account, in the tracker (`actors/account/machine.ts`).',
    ...accountAggregate,
  },
  {
    title: 'A room',
    text: 'One per room, in the tracker (`actors/room/machine.ts`; the rules are in `context.ts` and `succession.ts`). A closed room stays closed, and its name is free: `/create` with this name makes another room, with an id and a history of its own.',
    ...roomAggregate,
  },
  {
    title: 'The quarantine of an event',
    text: 'One per event of the log that was ever quarantined, in the tracker (`actors/quarantine/machine.ts`).',
    ...quarantineAggregate,
  },
  {
    title: 'An integration',
    text: 'One per name of an integration, in the tracker (`actors/integration/machine.ts`).',
    ...integrationAggregate,
  },
  {
    title: 'The session of a terminal with the tracker',
    text: 'One in every terminal (`client/session/connection/machine.ts`).',
    machine: sessionMachine,
    commands: [],
  },
  {
    title: 'A link to a peer',
    text: 'In every terminal, one per device that it talks to (`client/links/link/machine.ts`).',
    machine: linkMachine,
    commands: [],
  },
];

const INTRODUCTION = `# The state machines

<!-- Made from the machines by \`npm run docs\`; change them, not this page. -->

An arrow shows an event and the state that follows it; brackets hold its condition. In an account, a room and a quarantine, a command
does not change the state itself: it is refused, or it records domain events, and the arrows show only these events. The
table below the diagram shows the answer to each command in each state: the first condition that holds decides.
`;

/** The whole page. It ends with a newline. */
export function machinesPage(): string {
  return [INTRODUCTION, ...CHAPTERS.map(chapter)].join('\n');
}

function chapter({ title, text, machine, commands }: Chapter): string {
  const diagram = ['```mermaid', 'stateDiagram-v2', ...inside(machine.root, commands), '```'];
  return [`## ${title}`, '', text, '', ...diagram, '', ...answers(machine.root, commands)].join('\n');
}

function inside(node: AnyStateNode, commands: readonly string[], depth = 1): readonly string[] {
  const indent = '  '.repeat(depth);
  const children = Object.values(node.states);
  const initial = node.initial.target.map(({ key }) => `${indent}[*] --> ${key}`);
  const nested = children.flatMap((child) =>
    Object.keys(child.states).length === 0
      ? []
      : [`${indent}state ${child.key} {`, ...inside(child, commands, depth + 1), `${indent}}`],
  );
  // A transition that holds in every state is drawn from each state, because the diagram cannot draw an arrow from
  // "any".
  const everywhere = depth === 1 ? transitionsOf(node) : [];
  const arrows = children.flatMap((child) => {
    const own = transitionsOf(child);
    const events = new Set(own.map(({ eventType }) => eventType));
    const inherited = everywhere.filter(({ eventType }) => !events.has(eventType));
    return [...own, ...(child.type === 'final' ? [] : inherited)].flatMap((transition) =>
      arrow(child, transition, commands),
    );
  });
  return [...initial, ...nested, ...[...new Set(arrows)].map((line) => indent + line)];
}

function arrow(
  from: AnyStateNode,
  transition: AnyTransitionDefinition,
  commands: readonly string[],
): readonly string[] {
  const [target] = transition.target ?? [];
  if (target === undefined || commands.includes(transition.eventType)) return [];
  const condition = conditionOf(transition);
  return [`${from.key} --> ${target.key}: ${labelOf(transition)}${condition && ` [${condition}]`}`];
}

const transitionsOf = (node: AnyStateNode): readonly AnyTransitionDefinition[] => [
  ...[...node.transitions.values()].flat(),
  ...(node.always ?? []),
];

/** XState generates event names for `after` and `always`; this function replaces them with words. */
function labelOf({ eventType }: AnyTransitionDefinition): string {
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(eventType) ?? [];
  if (delay !== undefined) return `after ${delay}`;
  return eventType === '' ? 'at once' : eventType;
}

function conditionOf({ guard }: AnyTransitionDefinition): string {
  return guard === undefined ? '' : nameOf(guard);
}

function nameOf(guard: unknown): string {
  if (typeof guard === 'string') return inWords(guard);
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return inWords(String(guard.type));
  if (typeof guard !== 'function') return 'its condition holds';
  if ('guards' in guard && Array.isArray(guard.guards)) return `not ${guard.guards.map(nameOf).join(', ')}`;
  return guard.name === '' || guard.name === 'guard' ? 'its condition holds' : inWords(guard.name);
}

/** Words from a camel-case name: `isOfStranger` becomes "is of stranger". */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function answers(root: AnyStateNode, commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return [];
  const rows = statesOf(root).flatMap((node) =>
    commands.flatMap((command) => {
      const given = node.transitions.get(command) ?? [];
      return given.length === 0 ? [] : [row([pathOf(node), `\`${command}\``, given.map(answer).join('; ')])];
    }),
  );
  const rest = statesOf(root).flatMap((node) => {
    const given = node.transitions.get('*') ?? [];
    return given.length === 0 ? [] : [row([pathOf(node), 'anything else', given.map(answer).join('; ')])];
  });
  return [...head(['in', 'asked', 'answer']), ...rows, ...rest, ''];
}

const statesOf = (node: AnyStateNode): readonly AnyStateNode[] =>
  Object.values(node.states).flatMap((child) => [child, ...statesOf(child)]);

const pathOf = (node: AnyStateNode): string => node.path.join(', ');

function answer(transition: AnyTransitionDefinition): string {
  const condition = conditionOf(transition);
  const { context } = transition.source.machine.config;
  const outcome = transition.actions.map((action) => outcomeOf(action, context)).join(', ');
  return condition === '' ? outcome : `${outcome} if ${condition}`;
}

/**
 * The outcome of an action made by core/actor/record.ts. The action contains its outcome as an event, or a function that returns
 * the event for a context.
 */
function outcomeOf(action: unknown, context: unknown): string {
  if (typeof action !== 'function' || !('event' in action)) return 'done';
  const { event } = action;
  const emitted: unknown = typeof event === 'function' ? event({ context, event: {} }) : event;
  if (typeof emitted !== 'object' || emitted === null || !('type' in emitted)) return 'done';
  return 'reason' in emitted ? `\`${String(emitted.reason)}\`` : 'nothing to do';
}
