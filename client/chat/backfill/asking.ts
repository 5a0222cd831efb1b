// How a peer is asked to pass messages on, and told of when what it passes on is not to be believed.
import type { Given } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { DeviceRuns } from '../../../core/protocol/backfill/ranges.js';
import type { Peer } from '../peers/peers.js';

/** Resolves with null if there is no answer, or none that can be used. */
export type Ask = (
  peer: Peer,
  conversation: ConversationId,
  devices: readonly DeviceRuns[],
) => Promise<Given | null>;

/** The peer has passed on what its author never said; `how`, the rest of a sentence about it. */
export type ReportForgery = (peer: Peer, how: string) => void;
