// The action of `admin capsule`.
import { randomBytes } from 'node:crypto';
import { writeNewFile } from '../../../admin/archive/write.js';
import { makeCapsule } from '../../../admin/capsule/capsule.js';
import { capsuleJson, capsuleText, namesText } from '../../../admin/capsule/text.js';
import { createLook } from '../../../admin/look.js';
import { type Moment, spanBetween } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { inHome, type Readable, tell } from '../home-command.js';

interface CapsuleOptions extends Readable {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly names?: boolean;
}

export async function capsule(subject: string, file: string, options: CapsuleOptions): Promise<void> {
  const { home, since, until, names = false, json = false } = options;
  await inHome(home, async ({ reader }) => {
    const look = createLook(reader);
    const { after, upTo } = await spanBetween(reader, since, until);
    const span = { after, upTo: Math.min(upTo, await look.end()) };
    const resolved = await look.resolver.resolve(subject, span.upTo);
    const made = await makeCapsule({ look, subject: resolved, span, random: randomBytes });
    await writeNewFile(file, made.text);
    if (json) await print(process.stdout, [capsuleJson(made, names)]);
    else await tell([...capsuleText(made, file), ...(names ? namesText(made) : [])]);
  });
}
