// Two devices on separate machines, with a path between them that carries small packets only.
import type { ExecutionContext } from 'ava';
import { type Lab, startMachines } from './lab.js';
import { enableForwarding, ip, openSpaces, type Spaces } from './spaces.js';

export interface NarrowPath {
  /** The longest IPv4 packet that the path carries. */
  readonly mtu: number;
  /** Whether routers report packets that are too long. */
  readonly hasIcmp: boolean;
  readonly hasTcp: boolean;
}

/** The devices are not introduced yet; the first one dials. */
export async function openNarrowPath(
  t: ExecutionContext,
  { mtu, hasIcmp, hasTcp }: NarrowPath,
): Promise<Pick<Lab, 'one' | 'two'>> {
  const net = openSpaces(t);
  const [wire, near, far] = [net.add('w'), net.add('a'), net.add('b')];
  const tcp = hasTcp ? 'tcp' : 'no-tcp';
  const join = async (other: string, limit: number) => {
    const [nearEnd, left] = net.cable(near, wire);
    const [otherEnd, right] = net.cable(other, wire);
    const figures = ['5', '0', '0', '0', '7', String(limit), tcp];
    await net.start(wire, 'wire', [left.device, right.device, ...figures]);
    return [nearEnd, otherEnd] as const;
  };
  if (hasIcmp) {
    const [one, other] = [net.add('r'), net.add('s')];
    const [nearEnd, oneEnd] = await join(one, 0);
    net.address(nearEnd, '10.77.1.1/24');
    net.address(oneEnd, '10.77.1.2/24');
    route(net, { near, far, one, other }, mtu);
  } else {
    const [nearEnd, farEnd] = await join(far, mtu);
    net.address(nearEnd, '10.77.0.1/24');
    net.address(farEnd, '10.77.0.2/24');
  }
  return startMachines(t, [near, far], ['tcp', 'udp']);
}

interface Routers {
  readonly near: string;
  readonly far: string;
  readonly one: string;
  readonly other: string;
}

/** Connects the first router to a second router by a narrow cable, and the second router to the far machine. */
function route(net: Spaces, { near, far, one, other }: Routers, mtu: number): void {
  const [left, right] = net.cable(one, other);
  net.address(left, '10.77.2.1/24');
  net.address(right, '10.77.2.2/24');
  for (const { space, device } of [left, right]) ip('-n', space, 'link', 'set', device, 'mtu', String(mtu));
  const [inner, farEnd] = net.cable(other, far);
  net.address(inner, '10.77.3.1/24');
  net.address(farEnd, '10.77.3.2/24');
  for (const space of [one, other]) enableForwarding(space);
  ip('-n', near, 'route', 'add', 'default', 'via', '10.77.1.2');
  ip('-n', one, 'route', 'add', '10.77.3.0/24', 'via', '10.77.2.2');
  ip('-n', other, 'route', 'add', '10.77.1.0/24', 'via', '10.77.2.1');
  ip('-n', far, 'route', 'add', 'default', 'via', '10.77.3.1');
}
