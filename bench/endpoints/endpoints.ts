// The kinds of endpoints: a bare socket, a plain encrypted stream over a carrier, or a link over a carrier. The same measurement
// works for every kind.
import { openDatagrams, openSocket } from './bare-endpoints.js';
import type { Endpoint, EndpointOptions } from './endpoint.js';
import { openLink, openStream } from './secure-endpoints.js';

export const ENDPOINT_KINDS = [
  'bare tcp',
  'bare udp',
  'stream tcp',
  'stream udp',
  'stream relay',
  'link tcp',
  'link udp',
  'link relay',
] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** Resolves when the endpoint is connected or, if it listens, reachable. It stays open until its process exits. */
export function openEndpoint(kind: EndpointKind, options: EndpointOptions): Promise<Endpoint> {
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
