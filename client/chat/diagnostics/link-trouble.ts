// Trouble with a link: reported to the faces and kept for `/why`.
import type { LinkChange, Tell } from '../events.js';
import { refusal, remedyOf } from '../outcome.js';
import type { Why } from './why.js';

export type ReportLinkTrouble = (change: LinkChange) => void;

const REMEDY = remedyOf(refusal(3, 'USERNAME_OFFLINE'));

export function createLinkTrouble(why: Pick<Why, 'note'>, tell: Tell): ReportLinkTrouble {
  return (change) => {
    tell('link', change);
    why.note({ event: 'link closed', by: change.peer, reason: change.reason, remedy: REMEDY });
  };
}
