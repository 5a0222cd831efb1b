// Links between terminals of one process: they keep the order, resume after a cut, and lose their queue at a restart.
import { setImmediate } from 'node:timers/promises';
import Emittery from 'emittery';
import type { DeviceId } from '../../../../core/ids.js';
import type { CarrierChoice } from '../../../../client/links/carrier.js';
import type { Addresses, Introduction } from '../../../../client/links/introduction.js';
import type { LinkEvents, Links } from '../../../../client/links/links.js';

export class SpecNet {
  readonly #ends = new Map<DeviceId, End>();
  readonly #cut = new Set<string>();
  /** The end that each end was last linked to. A different instance is a new process of the peer. */
  readonly #met = new Map<string, End>();

  /** Awaited while an end asks the reflector for its outside address. */
  whileAsking: () => Promise<void> = () => Promise.resolve();

  openLinks = (device: DeviceId): Links => {
    const end = new End(device, this);
    this.#ends.set(device, end);
    return end;
  };

  end(device: DeviceId): End {
    const end = this.#ends.get(device);
    if (end === undefined) throw new Error('no such end');
    return end;
  }

  /** Prevents links between the two devices until `heal`. */
  cut(one: DeviceId, other: DeviceId): void {
    this.#cut.add(pair(one, other));
    this.review();
  }

  heal(one: DeviceId, other: DeviceId): void {
    this.#cut.delete(pair(one, other));
    this.review();
  }

  leave(end: End): void {
    if (this.#ends.get(end.device) === end) this.#ends.delete(end.device);
    this.review();
  }

  peerOf(end: End, device: DeviceId): End | undefined {
    const other = this.#ends.get(device);
    const isWhole = !this.#cut.has(pair(end.device, device));
    if (!isWhole || !other?.wants(end.device) || !end.wants(device)) return undefined;
    const isPossible = [end.chosen(device), other.chosen(end.device)].every((one) => /auto|tcp/.test(one));
    return isPossible ? other : undefined;
  }

  /** The reason for a closed link: `unreachable` after a cut, `left` after an orderly end. */
  endCode(end: End, device: DeviceId): 'left' | 'unreachable' {
    return this.#cut.has(pair(end.device, device)) ? 'unreachable' : 'left';
  }

  review(): void {
    for (const end of this.#ends.values()) end.review();
  }

  isNew(end: End, other: End): boolean {
    const key = `${end.device} ${other.device}`;
    const before = this.#met.get(key);
    this.#met.set(key, other);
    return before !== undefined && before !== other;
  }
}

const pair = (one: DeviceId, other: DeviceId): string => [one, other].sort().join(' ');

export class End implements Links {
  /** The address at which it listens. */
  ip = '127.0.0.1';
  /** How often the chat asked to check the links. */
  rechecks = 0;
  /** The addresses of each device it was introduced to. */
  readonly candidates = new Map<DeviceId, Addresses>();
  readonly events = new Emittery<LinkEvents>();
  readonly #choices = new Map<DeviceId, CarrierChoice>();
  readonly #wanted = new Map<DeviceId, { open: End | null; queue: Uint8Array[]; isSending: boolean }>();

  constructor(
    readonly device: DeviceId,
    private readonly net: SpecNet,
  ) {}

  wants(device: DeviceId): boolean {
    return this.#wanted.has(device);
  }

  async listen() {}

  addresses() {
    return { tcp: [{ ip: this.ip, port: 4_000 }] };
  }

  recheck(): void {
    this.rechecks += 1;
  }

  async reflexiveAddresses(ports: readonly number[]) {
    await this.net.whileAsking();
    return { udp: ports.map((port) => ({ ip: '203.0.113.5', port })) };
  }

  /** TCP is the only carrier of this net. */
  choose(device: DeviceId, choice: CarrierChoice): void {
    this.#choices.set(device, choice);
    this.net.review();
  }

  chosen(device: DeviceId): CarrierChoice {
    return this.#choices.get(device) ?? 'auto';
  }

  /** The devices whose links the chat asked to retry. */
  readonly retried: DeviceId[] = [];

  retry(device: DeviceId): void {
    this.retried.push(device);
  }

  introduce({ id, candidates }: Introduction): void {
    this.candidates.set(id, candidates);
    if (!this.#wanted.has(id)) this.#wanted.set(id, { open: null, queue: [], isSending: false });
    this.net.review();
  }

  async forget(device: DeviceId): Promise<void> {
    this.#wanted.delete(device);
    this.net.review();
  }

  send(device: DeviceId, bytes: Uint8Array) {
    const link = this.#wanted.get(device);
    if (link === undefined) return 'unknown';
    link.queue.push(bytes);
    void this.#pump(device);
    return 'taken';
  }

  connection(device: DeviceId) {
    const other = this.#wanted.get(device)?.open ?? null;
    if (other === null) return null;
    const ends = { local: { ip: this.ip, port: 4_000 }, remote: { ip: other.ip, port: 4_000 } };
    return { carrier: 'tcp' as const, ends };
  }

  list() {
    return [...this.#wanted].map(([device, { open, queue }]) => ({
      device,
      state: open === null ? ('closed' as const) : ('open' as const),
      carrier: open === null ? null : ('tcp' as const),
      reason: { code: 'connected' as const, message: 'The link is open.' },
      since: 0,
      rttMs: open === null ? null : 1,
      loss: null,
      queued: queue.length,
      nextTryAt: null,
      sentBytes: 0,
      receivedBytes: 0,
      attempts: [],
    }));
  }

  async close(): Promise<void> {
    this.#wanted.clear();
    this.net.leave(this);
  }

  review(): void {
    for (const [device, link] of this.#wanted) {
      const other = this.net.peerOf(this, device) ?? null;
      if (other === link.open) continue;
      link.open = other;
      const isNew = other !== null && this.net.isNew(this, other);
      if (isNew) link.queue = [];
      const state = other === null ? 'closed' : 'open';
      const code = other === null ? this.net.endCode(this, device) : ('connected' as const);
      const reason = { code, message: `The link is ${state}.` };
      const carrier = other === null ? null : ('tcp' as const);
      void this.events.emit('state', { device, state, carrier, reason, since: 0 });
      if (isNew) void this.events.emit('restarted', { device });
      void this.#pump(device);
    }
  }

  async #pump(device: DeviceId): Promise<void> {
    const link = this.#wanted.get(device);
    if (link === undefined || link.isSending) return;
    link.isSending = true;
    for (;;) {
      await setImmediate();
      const [bytes] = link.queue;
      if (bytes === undefined || link.open === null) break;
      const { open } = link;
      await open.events.emit('messages', { device: this.device, payloads: [Buffer.from(bytes)] });
      if (link.queue[0] === bytes) link.queue.shift();
    }
    link.isSending = false;
  }
}
