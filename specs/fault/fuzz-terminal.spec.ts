// A terminal's parsers of typed lines and of peers' frames, under hostile input.
import { decodeLinkFrame, encodeLinkFrame } from '../../client/links/session/frames.js';
import { parseLine, secretStart } from '../../client/commands/line.js';
import { commands } from '../../client/commands/table.js';
import { isSuccess } from '../../core/protocol/status.js';
import { garbled, garbledBytes } from '../support/hostile.js';
import { fuzz, isShowable } from './support/fuzz.js';

fuzz('a typed line', {
  input: garbled(
    ...commands.map(({ name }) => `/${name} bob correct horse`),
    '//x',
    'hello **you**',
    '/msg --tcp bob hi',
  ),
  holds(text) {
    const line = parseLine(text);
    const secret = secretStart(text);
    if (line.kind === 'refusal' && isSuccess(line.refusal.status)) return false;
    if (line.kind === 'refusal' && !isShowable(line.refusal.message)) return false;
    return secret === null || (secret > 0 && secret < text.length);
  },
});

fuzz('a frame of a link', {
  input: garbledBytes(
    encodeLinkFrame({ kind: 'resume', version: 1, epoch: 'e', attempt: 1, heard: { epoch: 'f', upTo: 2 } }),
    encodeLinkFrame({ kind: 'data', first: 1, ack: 0, payloads: [Buffer.from('hello'), Buffer.alloc(300)] }),
    encodeLinkFrame({ kind: 'ping', id: 2 ** 40 }),
  ),
  holds: (bytes) => {
    const frame = decodeLinkFrame(bytes);
    return frame === null || decodeLinkFrame(encodeLinkFrame(frame))?.kind === frame.kind;
  },
});
