// The reading of the tracker's introductions: whether one can be believed, and which device it introduces. Opens no link.
import { z } from 'zod';
import { publicKeyOf } from './device-key.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { limits } from '../../../core/protocol/limits.js';
import { foldName } from '../../../core/protocol/names.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { parseJson, readStatement, type Signed } from '../../../core/protocol/signed/signed.js';
import { type Introduction, introductionSchema } from '../../../core/protocol/signed/statements.js';
import type { People } from '../people/people.js';

export interface Expectations {
  /** 32 bytes. */
  readonly trackerKey: Buffer;
  /** The device of this terminal. */
  readonly device: DeviceId;
  readonly people: Pick<People, 'isContradicted'>;
  /** The account a device was first introduced under. */
  readonly ownerOf: (device: DeviceId) => AccountId | undefined;
  /** The username that was asked for; null if the introduction was not asked for by name. */
  readonly asked: string | null;
}

export type ReadIntroduction =
  | { readonly introduction: Introduction; readonly publicKey: Buffer }
  /** The introduction is for another terminal of the account, because pushes go to all of them. */
  | { readonly isForAnother: true }
  /** `claimed`: the username that the refused introduction names, safe to show but unproven. */
  | {
      readonly refusal: string;
      readonly claimed: string;
      /** The account to which the device is pinned, if it is not the account of the introduction. */
      readonly pinnedTo?: AccountId;
    };

/** Refuses an introduction that the tracker did not sign, or that does not fit what this terminal asked for and knows. */
export function readIntroduction(signed: Signed, expected: Expectations): ReadIntroduction {
  const refused = (refusal: string) => ({
    refusal: `The link was refused: ${refusal}.`,
    claimed: expected.asked ?? claimedName(signed.body),
  });
  const reading = readStatement(signed, {
    purpose: 'introduction',
    publicKey: expected.trackerKey,
    schema: introductionSchema,
  });
  if ('refusal' in reading) return refused(reading.refusal);
  const { to, peer } = reading.value;
  if (to !== expected.device) return { isForAnother: true };
  if (peer.device === expected.device) return refused('the introduction is to this terminal itself');
  if (expected.asked !== null && foldName(expected.asked) !== foldName(peer.username)) {
    return refused(`this terminal did not ask for an introduction to ${sanitiseLine(peer.username)}`);
  }
  const owner = expected.ownerOf(peer.device);
  if (owner !== undefined && owner !== peer.account) {
    return { ...refused('the tracker first introduced the device under another account'), pinnedTo: owner };
  }
  if (expected.people.isContradicted(peer)) {
    return refused(`the tracker first gave another name for the account of ${sanitiseLine(peer.username)}`);
  }
  const publicKey = publicKeyOf(peer.device);
  if (publicKey === null) return refused('the key of the device is not valid');
  return { introduction: reading.value, publicKey };
}

const claimSchema = z.object({ peer: z.object({ username: z.string() }) });

function claimedName(body: string): string {
  const claim = claimSchema.safeParse(parseJson(body));
  if (!claim.success) return 'unknown';
  return sanitiseLine(claim.data.peer.username).slice(0, limits.usernameMaxLength) || 'unknown';
}
