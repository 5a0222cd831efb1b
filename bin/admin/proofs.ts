// The actions of `admin checkpoint`, `admin prove` and `admin verify --proof`.
import { readFile } from 'node:fs/promises';
import { print } from '../../admin/output.js';
import { checkpointOf, originOf } from '../../admin/proof/checkpoint.js';
import { proveEvent, readProof } from '../../admin/proof/event-proof.js';
import { proofJson, proofText } from '../../admin/proof/report.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { verifierKey } from '../../core/merkle/checkpoint.js';
import { parseInvite } from '../../core/protocol/invite.js';
import { findLocalInvite } from '../../client/profile/local-invite.js';
import { inHome, type OfHome, tell } from './home-command.js';

export async function checkpoint(options: OfHome & { readonly verifierKey?: boolean }): Promise<void> {
  const text = await inHome(options.home, async (home) =>
    options.verifierKey === true
      ? `${verifierKey(await originOf(home), home.signing.publicKey)}\n`
      : checkpointOf(home),
  );
  await print(process.stdout, [text.trimEnd()]);
}

export async function prove(
  position: number,
  { home, personal = false }: OfHome & { readonly personal?: boolean },
): Promise<void> {
  const proof = await inHome(home, (opened) => proveEvent(opened, position, personal));
  await print(process.stdout, [proof.trimEnd()]);
}

export interface ProofOptions extends OfHome {
  readonly proof: string;
  readonly invite?: string;
  readonly json?: boolean;
}

/** Verifies a proof with the tracker's key from an invite, without the log. */
export async function verifyProof({ home, proof: file, invite, json = false }: ProofOptions): Promise<void> {
  const proven = readProof(await textOf(file), keyOf(invite ?? findLocalInvite(process.cwd(), home)));
  if ('problem' in proven) {
    throw new OperatorError(
      `the proof in ${file} is not valid: ${proven.problem}`,
      'Ask for the proof again, and use the invite of the tracker that made it.',
    );
  }
  if (json) await print(process.stdout, [proofJson(proven)]);
  else await tell(proofText(proven));
}

export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new OperatorError(`the file ${file} cannot be read: ${messageOf(cause)}`, 'Check the path.', {
      cause,
    });
  }
}

function keyOf(invite: string | undefined): Uint8Array {
  const read = parseInvite(invite ?? '');
  if ('invite' in read) return read.invite.sign;
  throw new OperatorError(
    invite === undefined
      ? 'no invite was given or found, and the proof needs the key in the invite'
      : read.refusal,
    'Give the invite of the tracker that made the proof: --invite INVITE.',
  );
}
