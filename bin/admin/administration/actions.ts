// The actions of the commands with which the operator acts on accounts, terminals and rooms.
import { type Administered, administer } from '../../../admin/administration/administration.js';
import type { OperatorParts } from '../../../admin/administration/operation.js';
import { administeredJson, administeredText } from '../../../admin/administration/report.js';
import {
  aboutMember,
  type AboutMember,
  closeRoom,
  renameAccount,
  revokeDevice,
  type Task,
} from '../../../admin/administration/tasks.js';
import type { AdminHome } from '../../../admin/home.js';
import { print } from '../../../admin/output.js';
import { createNames } from '../../../admin/subject/names.js';
import { type DeviceId, systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { inHome, type Readable, tell } from '../home-command.js';

interface TaskOptions extends Readable {
  readonly reason: string;
  readonly dryRun?: boolean;
}

export const member = (
  name: string,
  type: AboutMember,
  room: string,
  user: string,
  options: TaskOptions,
): Promise<void> => run(name, aboutMember(type, room, user, options.reason), options);

export const close = (room: string, options: TaskOptions): Promise<void> =>
  run('close-room', closeRoom(room, options.reason), options);

export const rename = (user: string, username: string, options: TaskOptions): Promise<void> =>
  run('rename', renameAccount(user, username, options.reason), options);

export const revoke = (device: DeviceId, options: TaskOptions): Promise<void> =>
  run('revoke', revokeDevice(device, options.reason), options);

export const operatorParts = (home: AdminHome): OperatorParts => ({
  home,
  migrations: trackerMigrations,
  clock: systemClock,
  ids: systemIds,
});

async function run(
  name: string,
  task: Task,
  { home, dryRun = false, json = false }: TaskOptions,
): Promise<void> {
  await inHome(
    home,
    async (opened) => {
      const result: Administered = await administer(operatorParts(opened), task, dryRun);
      if (json) await print(process.stdout, [administeredJson(name, result)]);
      else await tell(await administeredText(result, createNames(opened.reader)));
    },
    dryRun ? 'look' : 'change',
  );
}
