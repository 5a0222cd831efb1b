import test from 'ava';
import { debianMirrors } from '../../../../core/bus/broker/debian.js';

const line = (uri: string): string => `'${uri}' some_file 0 `;

test('debian: given other vendors among apt’s sources, then the mirror named Debian comes first', (t) => {
  const printed = [
    line('https://vendor.example/linux/bookworm/dists/bookworm/InRelease'),
    line('https://cloud.example/apt/dists/cloud-sdk-bookworm/InRelease'),
    line('http://mirror.example/debian/dists/bookworm/InRelease'),
    line('http://mirror.example/debian/dists/bookworm-updates/InRelease'),
    line('http://mirror.example/debian-security/dists/bookworm-security/InRelease'),
    line('https://node.example/node_20.x/dists/nodistro/InRelease'),
    line('cdrom://[Debian 12]/dists/bookworm/InRelease'),
    line('http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz'),
  ].join('\n');
  t.deepEqual(debianMirrors(printed, 'bookworm'), [
    'http://mirror.example/debian',
    'https://vendor.example/linux/bookworm',
  ]);
});

test('debian: given a source that names the suite stable or has extra slashes, then it is accepted', (t) => {
  t.deepEqual(debianMirrors(line('http://mirror.example/debian//dists/stable/InRelease'), 'bookworm'), [
    'http://mirror.example/debian',
  ]);
});

test('debian: given no Debian source, then no mirror is found', (t) => {
  t.deepEqual(debianMirrors('', 'bookworm'), []);
  t.deepEqual(debianMirrors(line('http://u.example/ubuntu/dists/noble/InRelease'), 'bookworm'), []);
});
