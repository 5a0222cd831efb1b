// `partyline chat`: a terminal on a tracker, in one of its faces.
import envPaths from 'env-paths';
import { runJson } from '../client/json/face.js';
import { runPlain } from '../client/plain/face.js';
import { openTerminal } from '../client/terminal.js';
import { systemClock } from '../core/clock.js';
import { OperatorError } from '../core/errors.js';
import { systemIds } from '../core/ids.js';
import { type Invite, parseInvite } from '../core/protocol/invite.js';
import { findLocalInvite } from './local-invite.js';
import type { Values } from './options.js';
import type { chatSettings } from './settings.js';
import { whenAskedToStop } from './signals.js';

export type ChatOptions = Values<(typeof chatSettings)[number]> & {
  readonly plain?: boolean;
  readonly json?: boolean;
};

export interface TerminalRun extends Values<(typeof chatSettings)[number]> {
  /** Undefined: the tracker of this machine, or the one used last. */
  readonly invite: string | undefined;
  readonly face: 'plain' | 'json';
  /** Resolves when somebody asks the process to stop. */
  readonly asked: Promise<unknown>;
}

export async function chat(invite: string | undefined, options: ChatOptions): Promise<void> {
  const face = options.json === true ? 'json' : 'plain';
  await runTerminal({ ...options, invite, face, asked: whenAskedToStop() });
}

/** Runs a terminal until it is left, its input ends, or it is asked to stop. */
export async function runTerminal(run: TerminalRun): Promise<void> {
  const local = run.invite === undefined ? findLocalInvite(process.cwd()) : undefined;
  const terminal = await openTerminal({
    home: run.home ?? envPaths('partyline', { suffix: '' }).data,
    name: run.profile ?? null,
    invite: run.invite === undefined ? null : readInvite(run.invite),
    localInvite: local === undefined ? null : readInvite(local),
    linkHost: run.linkHost,
    keepDays: run.keepDays,
    keepMessages: run.keepMessages,
    logLevel: run.logLevel,
    clock: systemClock,
    ids: systemIds,
  });
  const { chat } = terminal;
  const { stdin: input, stdout: output, env } = process;
  const isTerminal = input.isTTY && output.isTTY;
  const face =
    run.face === 'json'
      ? runJson({ chat, input, output })
      : runPlain({ chat, input, output, env, isTerminal, clock: systemClock, notify: run.notify });
  // Whoever asks the process to stop ends its input: what is queued still gets its few seconds.
  void run.asked.then(() => input.destroy());
  try {
    await face;
  } finally {
    await terminal.close();
  }
}

function readInvite(text: string): Invite {
  const read = parseInvite(text);
  if ('invite' in read) return read.invite;
  throw new OperatorError(
    read.refusal,
    'Ask whoever runs the tracker for its invite: it printed it as `ready partyline://…`.',
  );
}
