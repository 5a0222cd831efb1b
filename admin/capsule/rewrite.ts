// The rewriting of one event for a capsule: it copies only fields that have a class, each as its class demands.
import { addressOf, streamOf } from '../../core/actor/aggregate.js';
import type { NewEvent, RecordedEvent } from '../../core/events/event.js';
import { invariant, OperatorError } from '../../core/errors.js';
import type { Json, JsonObject } from '../../core/json.js';
import { classesOfCommand, classesOfEvent, type FieldClass, type TextClass } from './classes.js';
import type { Pseudonyms } from './pseudonyms.js';
import type { NewPlaces } from './selection.js';

const OPERATOR = 'operator';
/** The stream and version of an event, such as `room-01…/7`. */
const CAUSE = /^([a-z]+-[^/]+)\/(\d{1,15})$/;

/** An event without its place in the log. */
export interface Rewritten {
  readonly stream: string;
  readonly event: NewEvent;
}

/** Throws an `OperatorError` that names a field without a class, or with a value that its class does not have. */
export function createRewriter(
  pseudonyms: Pseudonyms,
  places: NewPlaces,
): (event: RecordedEvent) => Rewritten {
  function rewritten(event: RecordedEvent, name: string, kind: FieldClass, value: Json): Json {
    if (typeof kind === 'object') {
      if (typeof value === 'string' && kind.includes(value)) return value;
      throw unfit(event, name);
    }
    switch (kind) {
      case 'account':
        if (value === null) return null;
        return (typeof value === 'string' ? pseudonyms.id(value) : null) ?? refuse(event, name);
      case 'accounts':
        if (!isList(value)) throw unfit(event, name);
        return value.flatMap((one) => (typeof one === 'string' ? (pseudonyms.id(one) ?? []) : []));
      case 'device':
        return (typeof value === 'string' ? pseudonyms.device(value) : null) ?? refuse(event, name);
      case 'time':
        if (value === null) return null;
        return isWhole(value) ? pseudonyms.time(value) : refuse(event, name);
      case 'flag':
        return typeof value === 'boolean' ? value : refuse(event, name);
      case 'count':
        return isWhole(value) ? value : refuse(event, name);
      case 'positions':
        if (!isList(value)) throw unfit(event, name);
        return value.flatMap((one) => (isWhole(one) ? (places.position(one) ?? []) : []));
    }
  }

  function fields(
    event: RecordedEvent,
    object: JsonObject,
    classes: Readonly<Record<string, FieldClass>>,
  ): JsonObject {
    return Object.fromEntries(
      entriesOf(object).map(([name, value]) => {
        const kind = classOf(classes, name);
        if (kind === undefined) throw unclassified(event, name);
        return [name, rewritten(event, name, kind, value)];
      }),
    );
  }

  function texts(
    event: RecordedEvent,
    object: JsonObject,
    classes: Readonly<Record<string, TextClass>>,
  ): JsonObject {
    return Object.fromEntries(
      entriesOf(object).map(([name, value]) => {
        const kind = classOf(classes, name);
        if (kind === undefined) throw unclassified(event, name);
        if (typeof value !== 'string') throw unfit(event, name);
        return [name, pseudonyms.text(kind, value, event.stream)];
      }),
    );
  }

  /** Null also for a command that this version does not know. */
  function commandOf(event: RecordedEvent): NewEvent['metadata']['command'] {
    const { command } = event.metadata;
    if (command === null) return null;
    const { type, ...rest } = command;
    const classes = classesOfCommand(type);
    return classes === undefined ? null : { type, ...fields(event, rest, classes) };
  }

  /** Null for a cause that is not in the capsule. */
  function causeOf(causationId: string): string | null {
    const [, stream = '', text] = CAUSE.exec(causationId) ?? [];
    const version = places.version(stream, Number(text));
    return version === null ? null : `${newStream(stream)}/${version}`;
  }

  function newStream(stream: string): string {
    const address = addressOf(stream);
    const id = address && pseudonyms.id(address.id);
    invariant(address !== null && id !== null, `the stream ${stream} has no pseudonym`);
    return streamOf(address.kind, id);
  }

  return (event) => {
    const { type, schemaVersion, payload, personal, metadata } = event;
    const classes = classesOfEvent(type);
    if (classes === undefined) throw unclassified(event, 'type');
    const { account, device, commandId, correlationId, causationId, actor } = metadata;
    return {
      stream: newStream(event.stream),
      event: {
        type,
        schemaVersion,
        payload: fields(event, payload, classes.payload),
        personal: personal === null ? null : texts(event, personal, classes.personal),
        metadata: {
          account: account === null ? null : pseudonyms.id(account),
          device: device === null ? null : pseudonyms.device(device),
          command: commandOf(event),
          commandId: pseudonyms.request(commandId),
          correlationId: pseudonyms.request(correlationId),
          causationId: causationId === null ? null : causeOf(causationId),
          traceparent: null,
          ...(actor === OPERATOR && { actor }),
        },
      },
    };
  };
}

const entriesOf = (object: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
const classOf = <Class>(classes: Readonly<Record<string, Class>>, name: string): Class | undefined =>
  Object.hasOwn(classes, name) ? classes[name] : undefined;
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isWhole = (value: Json): value is number => Number.isSafeInteger(value);

function refuse(event: RecordedEvent, name: string): never {
  throw unfit(event, name);
}

const remedy = (position: number): string =>
  `Give --until ${position - 1}, or make the capsule with the version of Partyline that wrote the event.`;

const unclassified = ({ position, type }: RecordedEvent, name: string): OperatorError =>
  new OperatorError(
    `the event at position ${position} cannot be in a capsule: this version does not know whether "${name}" of ${type} is personal`,
    remedy(position),
  );

const unfit = ({ position, type }: RecordedEvent, name: string): OperatorError =>
  new OperatorError(
    `the event at position ${position} cannot be in a capsule: the value of "${name}" of ${type} is not of its kind`,
    remedy(position),
  );
