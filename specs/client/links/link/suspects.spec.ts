import test from 'ava';
import type { CarrierKind } from '../../../../client/links/carrier.js';
import { STALL_MIN_MS } from '../../../../client/links/limits.js';
import { type Network, openNetwork } from '../network.js';

const ALL: readonly CarrierKind[] = ['tcp', 'udp', 'relay'];
/** Within this time a silent carrier is noticed, and a connection attempt without an answer is given up. */
const NOTICED_MS = 6_000;
/** Better carriers are tried again after this time, unless they are avoided. */
const IMPROVED_MS = 4_000;

interface Case {
  readonly what: string;
  readonly isAvoided: boolean;
  readonly act: (network: Network) => Promise<void>;
}

const cases: readonly Case[] = [
  {
    what: 'TCP alone falls silent, and UDP reaches the peer',
    isAvoided: true,
    async act({ pass, silence, restore }) {
      silence('tcp');
      await pass(NOTICED_MS);
      restore('tcp');
    },
  },
  {
    what: 'all carriers but the relay fall silent',
    isAvoided: true,
    async act({ pass, silence, restore }) {
      silence('tcp', 'udp');
      await pass(NOTICED_MS);
      restore('tcp', 'udp');
    },
  },
  {
    what: 'TCP falls silent without a connection to the broker, and UDP reaches the peer',
    isAvoided: true,
    async act({ pass, silence, restore, answer }) {
      answer(null);
      silence('tcp', 'relay');
      await pass(NOTICED_MS);
      restore('tcp', 'relay');
    },
  },
  {
    what: 'the network is down until every attempt to connect has failed',
    isAvoided: false,
    async act({ pass, silence, restore, answer }) {
      answer(false);
      silence(...ALL);
      await pass(20_000);
      answer(true);
      restore(...ALL);
    },
  },
  {
    what: 'the peer is out of reach until every attempt to connect has failed',
    isAvoided: false,
    async act({ pass, silence, restore }) {
      silence(...ALL);
      await pass(20_000);
      restore(...ALL);
    },
  },
  {
    what: 'the network is down for a short time, and UDP is back before TCP',
    isAvoided: false,
    async act({ pass, silence, restore, answer }) {
      answer(false);
      silence(...ALL);
      await pass(7_500);
      answer(true);
      restore('udp', 'relay');
      await pass(1_000);
      restore('tcp');
    },
  },
  {
    what: 'the addresses of this machine change, and the connection over TCP does not survive',
    isAvoided: false,
    async act({ ann, pass, silence, restore }) {
      silence('tcp');
      await pass(200);
      ann.links.recheck();
      await pass(3_000);
      restore('tcp');
    },
  },
  {
    what: 'it ends, and the network is down before the next connection over TCP has carried full-size packets',
    isAvoided: false,
    async act({ ann, ben, pass, silence, restore, answer, beforeFullSize }) {
      beforeFullSize('tcp', () => {
        answer(false);
        silence(...ALL);
      });
      silence('udp', 'relay');
      ann.links.choose(ben.id, 'relay');
      ann.links.choose(ben.id, 'auto');
      await pass(12_000);
      answer(true);
      restore(...ALL);
    },
  },
  {
    what: 'the relay replaces it, and a better connection over TCP loses full-size packets',
    isAvoided: true,
    async act({ ann, ben, pass, silence, restore, beforeFullSize }) {
      for (const [one, other] of [
        [ann, ben],
        [ben, ann],
      ] as const)
        one.links.choose(other.id, 'relay');
      await pass(1_000);
      silence('udp');
      beforeFullSize('tcp', () => silence('tcp'));
      for (const [one, other] of [
        [ann, ben],
        [ben, ann],
      ] as const)
        one.links.choose(other.id, 'auto');
      ann.links.retry(ben.id);
      await pass(12_000);
      restore('tcp', 'udp');
    },
  },
];

for (const { what, isAvoided, act } of cases) {
  test(`suspects: given a link over TCP, when ${what}, then TCP is ${isAvoided ? 'avoided for some time' : 'used again soon'}`, async (t) => {
    const network = await openNetwork(t, ALL);
    const { ann, ben, pass } = network;
    network.introduce();
    await pass(1_000);
    t.is(ann.link(ben)?.carrier, 'tcp');
    await act(network);
    await pass(2 * IMPROVED_MS);
    t.is(ann.link(ben)?.state, 'open');
    t.is(ann.link(ben)?.carrier === 'tcp', !isAvoided, JSON.stringify(ann.link(ben)?.reason));
    t.is(
      /Not over tcp: A connection opens but carries no data/.test(ann.link(ben)?.reason.message ?? ''),
      isAvoided,
    );
    await pass(2 * STALL_MIN_MS);
    t.is(ann.link(ben)?.carrier, 'tcp', 'it is tried again later');
  });
}
