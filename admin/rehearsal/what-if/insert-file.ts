// The file of `what-if --insert`: one JSON object a line, each a command that was never sent. Names are those of its moment.
import { hash } from 'node:crypto';
import { z } from 'zod';
import { OperatorError } from '../../../core/errors.js';
import { deviceIdSchema } from '../../../core/ids.js';
import type { JsonObject } from '../../../core/json.js';
import { reasonSchema, topicSchema } from '../../../core/protocol/lines.js';
import { roomNameSchema, usernameSchema } from '../../../core/protocol/names.js';
import { reasonOf } from '../../../core/reason.js';
import type { Look } from '../../look.js';
import { subjectOf } from '../../subject/subject.js';
import type { CommandBody } from '../outcome.js';
import type { Insert } from './changes.js';

const before = z.int().positive();
const who = z.string().min(1);
const byPerson = { before, by: who, room: who };
const aboutMember = { ...byPerson, target: who };

const lineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('CreateRoom'),
    before,
    by: who,
    room: roomNameSchema,
    private: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal('JoinRoom'), ...byPerson }),
  z.strictObject({ type: z.literal('LeaveRoom'), ...byPerson }),
  z.strictObject({ type: z.literal('RemoveMember'), ...aboutMember, reason: reasonSchema }),
  z.strictObject({ type: z.literal('BanMember'), ...aboutMember, reason: reasonSchema }),
  z.strictObject({ type: z.literal('UnbanMember'), ...aboutMember }),
  z.strictObject({ type: z.literal('InviteMember'), ...aboutMember }),
  z.strictObject({ type: z.literal('PromoteMember'), ...aboutMember }),
  z.strictObject({ type: z.literal('DemoteAdmin'), ...aboutMember }),
  z.strictObject({ type: z.literal('NameSuccessor'), ...aboutMember }),
  z.strictObject({ type: z.literal('ChangeTopic'), ...byPerson, topic: topicSchema }),
  z.strictObject({
    type: z.literal('RegisterAccount'),
    before,
    name: usernameSchema,
    device: deviceIdSchema.optional(),
  }),
  z.strictObject({ type: z.literal('RenameAccount'), before, by: who, name: usernameSchema }),
  z.strictObject({ type: z.literal('RevokeDevice'), before, by: who, device: deviceIdSchema }),
  z.strictObject({ type: z.literal('DisableAccount'), before, account: who, reason: reasonSchema }),
  z.strictObject({ type: z.literal('EnableAccount'), before, account: who }),
]);
type Line = z.infer<typeof lineSchema>;

/** Throws an `OperatorError` that names the line of the first mistake. */
export async function readInserts(look: Look, text: string, end: number): Promise<readonly Insert[]> {
  const inserts: Insert[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    inserts.push(await insertOf(look, parsed(line, index + 1), index + 1, end));
  }
  if (inserts.length === 0) throw mistake(1, 'the file has no command');
  // The order of the lines decides among commands before the same position.
  return inserts.toSorted((one, other) => one.before - other.before);
}

function parsed(line: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (thrown) {
    throw mistake(number, `it is not JSON (${reasonOf(thrown)})`);
  }
  const result = lineSchema.safeParse(value);
  if (result.success) return result.data;
  throw mistake(number, reasonOf(result.error));
}

async function insertOf(look: Look, line: Line, number: number, end: number): Promise<Insert> {
  if (line.before > end + 1)
    throw mistake(number, `the log ends at position ${end}, so "before" is at most ${end + 1}`);
  const at = line.before - 1;
  const account = async (text: string) => (await look.resolver.resolveAccount(text, at)).id;
  const room = async (text: string) => (await look.resolver.resolveRoom(text, at)).stream;
  const { before: position } = line;
  const sent = (
    stream: string,
    sender: string | null,
    command: CommandBody,
    texts: JsonObject = {},
  ): Insert => ({
    before: position,
    stream,
    sender,
    command,
    texts,
  });
  switch (line.type) {
    case 'CreateRoom': {
      const sender = await account(line.by);
      const { private: isPrivate, room: name, type } = line;
      const command = { type, account: sender, roomsOfAccount: 0, isPrivate };
      return sent(subjectOf('room', newId(number, name)).stream, sender, command, { name });
    }
    case 'RegisterAccount': {
      const id = newId(number, line.name);
      const device = line.device ?? `U${id.replaceAll(/[0189]/g, 'A').padEnd(DEVICE_LENGTH, 'A')}`;
      const texts = { username: line.name, deviceName: 'terminal' };
      return sent(subjectOf('account', id).stream, null, { type: line.type, account: id, device }, texts);
    }
    case 'RenameAccount': {
      const id = await account(line.by);
      const time = Date.parse((await look.pointAt({ kind: 'position', position: at })).time ?? '') || 0;
      const texts = { username: line.name, formerly: (await look.names.ofAccount(id, at)) ?? '' };
      return sent(subjectOf('account', id).stream, id, { type: line.type, account: id, at: time }, texts);
    }
    case 'RevokeDevice': {
      const id = await account(line.by);
      return sent(subjectOf('account', id).stream, id, { type: line.type, account: id, device: line.device });
    }
    case 'DisableAccount':
    case 'EnableAccount': {
      const id = await account(line.account);
      const texts = line.type === 'DisableAccount' ? { reason: line.reason } : {};
      return sent(subjectOf('account', id).stream, null, { type: line.type, account: id }, texts);
    }
    case 'JoinRoom':
    case 'LeaveRoom':
    case 'RemoveMember':
    case 'BanMember':
    case 'UnbanMember':
    case 'InviteMember':
    case 'PromoteMember':
    case 'DemoteAdmin':
    case 'NameSuccessor':
    case 'ChangeTopic': {
      const sender = await account(line.by);
      const stream = await room(line.room);
      const target = 'target' in line ? { target: await account(line.target) } : {};
      const fresh = line.type === 'JoinRoom' ? { roomsOfAccount: 0 } : {};
      const topic = line.type === 'ChangeTopic' ? { isSame: false } : {};
      const texts = 'reason' in line ? { reason: line.reason } : 'topic' in line ? { topic: line.topic } : {};
      return sent(stream, sender, { type: line.type, account: sender, ...target, ...fresh, ...topic }, texts);
    }
  }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 26;
const DEVICE_LENGTH = 55;

/**
 * The id of the room or device that a line creates. The same line always gets the same id, and no id in the log is like
 * it.
 */
function newId(line: number, name: string): string {
  const digest = hash('sha256', JSON.stringify([line, name]), 'buffer');
  return `7${[...digest].map((byte) => CROCKFORD[byte % CROCKFORD.length]).join('')}`.slice(0, ID_LENGTH);
}

const mistake = (line: number, reason: string): OperatorError =>
  new OperatorError(
    `line ${line} of the commands to insert is not valid: ${reason}`,
    'Give one JSON object a line, for example {"before": 1234, "type": "PromoteMember", "by": "@alice", "room": "#lobby", "target": "@bob"}.',
  );
