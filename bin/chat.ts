// `partyline chat`: a terminal connected to a tracker, in one of its faces. Only the code that the chosen face needs is loaded.
// The dashboard is drawn before the rest of its code is loaded.
import envPaths from 'env-paths';
import { readBindings } from '../client/dashboard/input/keys/bindings.js';
import { canShowScreen } from '../screen/terminal/tty.js';
import type { Terminal } from '../client/terminal.js';
import { type Clock, systemClock, systemSchedule } from '../core/time/clock.js';
import { systemSteadyClock } from '../core/time/steady-clock.js';
import { messageOf, OperatorError } from '../core/errors.js';
import { closeAndThrow } from '../core/shutdown-stack.js';
import { systemIds } from '../core/ids.js';
import { type Invite, parseInvite } from '../core/protocol/invite.js';
import { keepOldSmall } from './heap.js';
import { findLocalInvite } from '../client/profile/local-invite.js';
import type { Values } from './options.js';
import type { chatSettings } from './settings.js';
import { whenAskedToStop } from './signals.js';

export type ChatOptions = Values<(typeof chatSettings)[number]> & {
  readonly plain?: boolean;
  readonly json?: boolean;
};

export interface TerminalRun extends Values<(typeof chatSettings)[number]> {
  /** Undefined means the tracker of this machine, or else the tracker used most recently. */
  readonly invite: string | undefined;
  readonly face: 'dashboard' | 'plain' | 'json';
  /** Resolves when somebody asks the process to stop. */
  readonly asked: Promise<unknown>;
}

/** An open terminal and the note to show at its start. */
interface Opened extends Terminal {
  readonly note: string | undefined;
}

export async function chat(invite: string | undefined, options: ChatOptions): Promise<void> {
  await runTerminal({ ...options, invite, face: faceOf(options), asked: whenAskedToStop() });
}

/** Whether this terminal can show the dashboard. */
export function terminalCanShowDashboard(): boolean {
  return canShowScreen(process.env, process.stdin.isTTY && process.stdout.isTTY);
}

function faceOf({ plain, json, screenReader }: ChatOptions): TerminalRun['face'] {
  if (json === true) return 'json';
  if (plain === true || screenReader) return 'plain';
  if (terminalCanShowDashboard()) return 'dashboard';
  throw new OperatorError(
    'the dashboard needs a terminal for input and output, and one that can position its cursor',
    'Use --plain for one line per event, --screen-reader for the same with a screen reader, or --json for programs.',
  );
}

/** Runs a terminal until its user leaves, its input ends, or the process is asked to stop. */
export async function runTerminal(run: TerminalRun): Promise<void> {
  let terminal: Terminal | undefined;
  const open = async (): Promise<Opened> => {
    terminal = await openOne(run);
    return { ...terminal, note: await noteOf(run, terminal) };
  };
  // A request to stop ends the input. Queued messages still get a few seconds to be sent.
  void run.asked.then(() => process.stdin.destroy());
  try {
    // Until the terminal is open, only the machine's clock is available.
    await runFace(run, open, { now: () => (terminal?.clock ?? systemClock).now() });
  } catch (thrown) {
    await closeAndThrow(
      thrown,
      () => terminal?.close(),
      (error) =>
        process.stderr.write(`partyline: The terminal was not closed completely: ${messageOf(error)}\n`),
    );
  }
  await terminal?.close();
}

async function openOne(run: TerminalRun): Promise<Terminal> {
  const local = run.invite === undefined ? findLocalInvite(process.cwd(), run.home) : undefined;
  const { openTerminal } = await import('../client/terminal.js');
  // Only the dashboard keeps many lines in memory.
  if (run.face === 'dashboard') keepOldSmall();
  return openTerminal({
    home: run.home ?? envPaths('partyline', { suffix: '' }).data,
    name: run.profile ?? null,
    invite: run.invite === undefined ? null : readInvite(run.invite),
    localInvite: local === undefined ? null : readInvite(local),
    linkHost: run.linkHost,
    keepDays: run.keepDays,
    keepMessages: run.keepMessages,
    logLevel: run.logLevel,
    clock: systemClock,
    steadyClock: systemSteadyClock,
    ids: systemIds,
  });
}

/** The note that names the profile in use, if the user chose no profile and it is not the default one. */
async function noteOf(run: TerminalRun, { profile }: Terminal): Promise<string | undefined> {
  const { UNNAMED } = await import('../client/profile/place.js');
  if (run.profile !== undefined || profile === UNNAMED) return undefined;
  return `This terminal uses the profile "${profile}"; choose another with --profile NAME.`;
}

async function runFace(run: TerminalRun, open: () => Promise<Opened>, clock: Clock): Promise<void> {
  const { stdin: input, stdout: output, env } = process;
  const { notify, theme, ascii: isAscii } = run;
  switch (run.face) {
    case 'json': {
      const { runJson } = await import('../client/json/face.js');
      const { chat, note } = await open();
      if (note !== undefined) process.stderr.write(`partyline: ${note}\n`);
      return runJson({ chat, input, output });
    }
    case 'plain': {
      const { runPlain } = await import('../client/plain/face.js');
      const { chat, note } = await open();
      const isTerminal = input.isTTY && output.isTTY;
      const isForScreenReader = run.screenReader;
      return runPlain({ chat, input, output, env, isTerminal, isForScreenReader, clock, notify, note });
    }
    case 'dashboard': {
      const bindings = await readBindings(run.keys);
      const { runDashboard } = await import('../client/dashboard/face.js');
      const schedule = systemSchedule;
      return runDashboard({ open, input, output, env, clock, schedule, notify, theme, isAscii, bindings });
    }
  }
}

function readInvite(text: string): Invite {
  const read = parseInvite(text);
  if ('invite' in read) return read.invite;
  throw new OperatorError(
    read.refusal,
    'Ask the operator of the tracker for its invite: the tracker printed it as `ready partyline://…`.',
  );
}
