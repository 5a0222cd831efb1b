// An event that may become part of a capsule: its place, and the ids that it names.
import type { RecordedEvent } from '../../core/events/event.js';
import type { JsonObject } from '../../core/json.js';
import type { SubjectKind } from '../subject/subject.js';
import { classesOfCommand, classesOfEvent, type FieldClass } from './classes.js';

export interface Candidate {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly commandId: string;
  /**
   * The account that an event of a room is about, or the device that an event of an account is about; null if the event is about
   * neither.
   */
  readonly about: string | null;
  readonly accounts: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  /** The account and the device that sent the command; null for the tracker and the operator. */
  readonly account: string | null;
  readonly device: string | null;
}

export function candidateOf(event: RecordedEvent, kind: SubjectKind): Candidate {
  const { position, stream, version, type, recordedAt, payload, metadata } = event;
  const { account, device, command, commandId } = metadata;
  const accounts = new Set(account === null ? [] : [account]);
  const devices = new Set(device === null ? [] : [device]);
  const add = (object: JsonObject, classes: Readonly<Record<string, FieldClass>>): void => {
    for (const [field, value] of Object.entries(object)) {
      const isKnown = typeof value === 'string' && Object.hasOwn(classes, field);
      if (isKnown && classes[field] === 'account') accounts.add(value);
      if (isKnown && classes[field] === 'device') devices.add(value);
    }
  };
  add(payload, classesOfEvent(type)?.payload ?? {});
  if (command !== null) add(command, classesOfCommand(command.type) ?? {});
  const about = payload[kind === 'room' ? 'account' : 'device'];
  return {
    position,
    stream,
    version,
    type,
    recordedAt,
    commandId,
    about: typeof about === 'string' ? about : null,
    accounts,
    devices,
    account,
    device,
  };
}
