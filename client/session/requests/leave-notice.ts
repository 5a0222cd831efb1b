// Tells the tracker that this terminal goes, so that others need not wait whether it comes back. Said once: a tracker that
// does not hear it notices the end of the connection.
import { commandSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { attemptOnce } from './exchange.js';
import type { Passage } from '../connection/gate.js';
import type { Memory } from '../auth/identity-store.js';
import type { Tools } from '../tools.js';

const PATIENCE_MS = 500;

/** Resolves when the tracker has heard it, or cannot in a moment. */
export async function sayGoodbye(
  passage: Passage | null,
  { identity }: Memory,
  { ids, log }: Tools,
): Promise<void> {
  if (passage?.role !== 'device' || identity === null) return;
  const id = commandIdSchema.parse(ids.next());
  const subject = commandSubject(identity.account, identity.device, 'people');
  const request = makeRequest({ id, title: 'People', data: { operation: 'LEAVE' } });
  const said = await attemptOnce(passage.bus, { subject, request, attemptMs: PATIENCE_MS }, log);
  if ('failure' in said)
    log.info({ failure: said.failure }, 'the tracker was not told that this terminal goes');
}
