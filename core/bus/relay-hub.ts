// Bytes between devices through the broker: relay subjects over whichever connection the session has now. It reads none
// of them, and keeps nothing for a connection that is not there.
import type { DeviceId } from '../ids.js';
import type { Bus, BusSubscription } from './bus.js';
import { BusError } from './connection/failure.js';
import { parseRelaySubject, relaySubject, relaysTo } from './subjects.js';

export interface RelayReceiver {
  /** The broker vouches for `from`, and for nothing else. */
  message(from: DeviceId, link: string, bytes: Buffer): void;
  /** The connection is gone: what was under way may be lost. */
  interrupted(): void;
}

/** What one device sends to others and gets from them. */
export interface DeviceRelay {
  /** The most bytes of one message; 0 without a connection. */
  readonly maxBytes: number;
  /** False without a connection: nothing was sent. `link` is 1 to 64 letters, digits, `_`, `-`. */
  send(to: DeviceId, link: string, bytes: Uint8Array): boolean;
  /** Like `send`; if the broker says that nobody listens there, `onNobody` is called. */
  call(to: DeviceId, link: string, bytes: Uint8Array, onNobody: () => void): boolean;
  /** From now on until the returned function is called; one receiver at a time. */
  receive(receiver: RelayReceiver): () => void;
  /** Resolves when the broker has seen all that was done before; without a connection at once. */
  settled(): Promise<void>;
}

export interface RelayHub {
  /** This connection is the device's from now on, until the returned function is called. */
  attach(bus: Bus, device: DeviceId): () => void;
  line(device: DeviceId): DeviceRelay;
}

// The broker says at once that nobody listens; nobody answers on this way otherwise.
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
          // Silence is what is hoped for; an interruption is told by itself.
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
        try {
          await busOf(device)?.flush();
        } catch (error) {
          if (!(error instanceof BusError)) throw error;
        }
      },
    }),
  };
}
