// Refusals by recipients, as events and logs report them. A refusal is kept for `/why` too.
import type { Log } from '../../../../core/log.js';
import type { Response } from '../../../../core/protocol/envelope.js';
import type { StoredMessage } from '../../../history/port.js';
import type { Why } from '../../diagnostics/why.js';
import type { DeliveryRefusal } from '../../events.js';
import { refused as refusalOf, remedyOf } from '../../outcome.js';
import type { Peer } from '../../peers/peers.js';
import type { People } from '../../people/people.js';

interface RefusalReportsParts {
  readonly people: Pick<People, 'nameOf'>;
  readonly why: Pick<Why, 'note'>;
  readonly log: Log;
}

interface RefusalReports {
  /**
   * Logs the refusal, keeps it for `/why` and returns it for an event. A refusal that is not final says that the message is sent
   * again.
   */
  report(
    peer: Peer,
    message: Pick<StoredMessage, 'id'>,
    response: Response,
    isFinal: boolean,
  ): DeliveryRefusal;
}

export function createRefusalReports({ people, why, log }: RefusalReportsParts): RefusalReports {
  return {
    report(peer, { id }, response, isFinal) {
      const { status, phrase, message } = refusalOf(response);
      const reason = isFinal ? message : `${message} The message will be sent again.`;
      const by = people.nameOf(peer.account);
      log.warn({ id, device: peer.device, status, phrase }, 'a message was refused');
      const remedy = remedyOf({ status, phrase, reason: null });
      why.note({ event: phrase, by, reason: `The terminal of ${by} refused a message: ${reason}`, remedy });
      return { by, phrase, reason };
    },
  };
}
