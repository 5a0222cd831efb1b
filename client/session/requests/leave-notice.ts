// The leave notice: tells the tracker that this terminal closes. Other users then see it offline at once. The notice is sent only
// once; if it is lost, the tracker notices the end of the connection later.
import { commandSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { attemptOnce } from './exchange.js';
import type { Route } from '../connection/gate.js';
import type { IdentityStore } from '../auth/identity-store.js';
import type { Tools } from '../tools.js';

const TIMEOUT_MS = 500;

/** Resolves when the tracker has confirmed the notice, or after half a second. */
export async function sendLeaveNotice(
  route: Route | null,
  { identity }: IdentityStore,
  tools: Tools,
): Promise<void> {
  if (route?.role !== 'device' || identity === null) return;
  const id = commandIdSchema.parse(tools.ids.next());
  const subject = commandSubject(identity.account, identity.device, 'people');
  const request = makeRequest({ id, title: 'People', data: { operation: 'LEAVE' } });
  const said = await attemptOnce(route.bus, { subject, request, attemptMs: TIMEOUT_MS }, tools);
  if ('failure' in said)
    tools.log.info({ failure: said.failure }, 'the tracker did not confirm the leave notice');
}
