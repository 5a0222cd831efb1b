// What the tracker pushes to the account: parsed as signed statements; whether the signature holds is for the reader.
import type { Bus, BusMessage } from '../../../core/bus/bus.js';
import { blocksSubject, introductionSubject, noticeSubject } from '../../../core/bus/subjects.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { explain } from '../../../core/protocol/envelope.js';
import { parseJson, type Signed, signedSchema } from '../../../core/protocol/signed/signed.js';

export interface PushListener {
  notice(signed: Signed): void;
  introduction(signed: Signed): void;
  /** Whom the account has blocked has changed. */
  blocks(): void;
}

/** Passes on what is well-formed; the rest is logged and dropped. */
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
