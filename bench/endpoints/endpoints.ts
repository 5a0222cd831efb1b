// Every kind of end that is measured, so that the same work measures all: a bare socket, a plain encrypted stream over a carrier,
// or a link over it.
import { openDatagrams, openSocket } from './bare-endpoints.js';
import type { End, EndOptions } from './endpoint.js';
import { openLink, openStream } from './secure-endpoints.js';

export const END_KINDS = [
  'bare tcp',
  'bare udp',
  'stream tcp',
  'stream udp',
  'stream relay',
  'link tcp',
  'link udp',
  'link relay',
] as const;
export type EndKind = (typeof END_KINDS)[number];

/** Resolves when it is open or, if it waits, when it can be reached. It lasts as long as its process. */
export function openEnd(kind: EndKind, options: EndOptions): Promise<End> {
  switch (kind) {
    case 'bare tcp':
      return openSocket(options);
    case 'bare udp':
      return openDatagrams(options);
    case 'stream tcp':
    case 'stream udp':
    case 'stream relay':
      return openStream(kind.endsWith('tcp') ? 'tcp' : kind.endsWith('udp') ? 'udp' : 'relay', options);
    case 'link tcp':
    case 'link udp':
    case 'link relay':
      return openLink(kind.endsWith('tcp') ? 'tcp' : kind.endsWith('udp') ? 'udp' : 'relay', options);
  }
}
