// The subscriptions to the messages that the tracker pushes to the account. They are parsed as signed statements. It verifies no
// signature.
import type { Bus, BusMessage } from '../../../core/bus/bus.js';
import { blocksSubject, introductionSubject, noticeSubject } from '../../../core/bus/subjects.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { explain } from '../../../core/protocol/envelope.js';
import { parseJson, type Signed, signedSchema } from '../../../core/protocol/signed/signed.js';

export interface PushListener {
  notice(signed: Signed): void;
  introduction(signed: Signed): void;
  /** The block list of the account has changed. */
  blocks(): void;
}

/** Forwards well-formed statements to `listener`. Logs and drops malformed statements. */
export function subscribePushes(bus: Bus, account: AccountId, listener: PushListener, log: Log): void {
  const reader =
    (kind: 'notice' | 'introduction') =>
    ({ subject, data }: BusMessage): void => {
      const parsed = signedSchema.safeParse(parseJson(Buffer.from(data).toString()));
      if (parsed.success) listener[kind](parsed.data);
      else log.warn({ subject, bytes: data.length, fault: explain(parsed.error) }, 'unreadable push');
    };
  bus.subscribe(noticeSubject(account), reader('notice'));
  bus.subscribe(introductionSubject(account), reader('introduction'));
  bus.subscribe(blocksSubject(account), () => listener.blocks());
}
