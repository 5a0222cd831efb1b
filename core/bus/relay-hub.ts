// The relay hub: sends bytes between devices through the broker, over the session's current connection. It does not
// read the bytes and buffers nothing while disconnected.
import type { DeviceId } from '../ids.js';
import type { Bus, BusSubscription, ConnectionEnds } from './bus.js';
import { BusError } from './connection/failure.js';
import { parseRelaySubject, relaySubject, relaysTo } from './subjects.js';

export interface RelayReceiver {
  /** The broker guarantees `from`, and nothing else. */
  message(from: DeviceId, link: string, bytes: Buffer): void;
  /** The connection is lost: messages in flight may be lost. */
  interrupted(): void;
}

/** The relay of one device: sends to other devices and receives from them. */
export interface DeviceRelay {
  /** The maximum size of one message in bytes; 0 without a connection. */
  readonly maxBytes: number;
  /** The broker's address as this device sees it; null without a connection, or if it is unknown. */
  readonly brokerAddress: ConnectionEnds['remote'] | null;
  /** Returns false, and sends nothing, without a connection. `link` is 1 to 64 letters, digits, `_`, `-`. */
  send(to: DeviceId, link: string, bytes: Uint8Array): boolean;
  /** Sends, and calls `onNobody` if the broker reports that nobody listens. */
  call(to: DeviceId, link: string, bytes: Uint8Array, onNobody: () => void): boolean;
  /** Receives until the returned function is called; one receiver at a time. */
  receive(receiver: RelayReceiver): () => void;
  /** Resolves when the broker has received everything sent before; without a connection at once. */
  settled(): Promise<void>;
  /** Resolves true when the broker answers this request, and false if the connection breaks first. Returns null without a connection. */
  askBroker(): Promise<boolean> | null;
}

export interface RelayHub {
  /** Uses this connection for the device until the returned function is called. */
  attach(bus: Bus, device: DeviceId): () => void;
  line(device: DeviceId): DeviceRelay;
}

// The broker reports at once that nobody listens. No other answer is expected.
const NOBODY_WITHIN_MS = 2_000;

export function createRelayHub(): RelayHub {
  const receivers = new Map<DeviceId, RelayReceiver>();
  let attached: { readonly bus: Bus; readonly device: DeviceId } | null = null;
  let subscription: BusSubscription | null = null;

  function listen(): void {
    if (attached === null || subscription !== null) return;
    const { bus, device } = attached;
    if (!receivers.has(device)) return;
    subscription = bus.subscribe(relaysTo(device), ({ subject, data }) => {
      const address = parseRelaySubject(subject);
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      if (address !== undefined) receivers.get(device)?.message(address.from, address.link, bytes);
    });
  }

  function stopListening(): void {
    subscription?.unsubscribe();
    subscription = null;
  }

  function busOf(device: DeviceId): Bus | null {
    return attached?.device === device && attached.bus.isConnected ? attached.bus : null;
  }

  return {
    attach(bus, device) {
      attached = { bus, device };
      listen();
      const interrupt = (): void => receivers.get(device)?.interrupted();
      const off = bus.onStatus(({ type }) => {
        if (type === 'disconnected' || type === 'closed') interrupt();
      });
      return () => {
        off();
        if (attached?.bus !== bus) return;
        stopListening();
        attached = null;
        interrupt();
      };
    },
    line: (device) => ({
      get maxBytes() {
        return busOf(device)?.info.maxPayload ?? 0;
      },
      get brokerAddress() {
        return busOf(device)?.ends?.remote ?? null;
      },
      send(to, link, bytes) {
        const bus = busOf(device);
        bus?.publish(relaySubject(to, device, link), bytes);
        return bus !== null;
      },
      call(to, link, bytes, onNobody) {
        const bus = busOf(device);
        const asked = bus?.request(relaySubject(to, device, link), bytes, { timeoutMs: NOBODY_WITHIN_MS });
        asked?.catch((error: unknown) => {
          if (!(error instanceof BusError)) throw error;
          // No answer is the expected case, and an interruption is reported separately.
          if (error.kind === 'no-responders') onNobody();
        });
        return bus !== null;
      },
      receive(receiver) {
        receivers.set(device, receiver);
        listen();
        return () => {
          if (receivers.get(device) !== receiver) return;
          receivers.delete(device);
          if (attached?.device === device) stopListening();
        };
      },
      async settled() {
        await answered(busOf(device));
      },
      askBroker() {
        const bus = busOf(device);
        return bus === null ? null : answered(bus);
      },
    }),
  };
}

/** Resolves true when the broker has received everything sent before; false without a connection, or if it breaks. */
async function answered(bus: Bus | null): Promise<boolean> {
  try {
    await bus?.flush();
    return bus !== null;
  } catch (error) {
    if (error instanceof BusError) return false;
    throw error;
  }
}
