import test from 'ava';
import { parseRequestSubject } from '../../../../core/bus/integration/subjects.js';

test('integration subjects: a request names the integration, the area, the target and the operation', (t) => {
  t.deepEqual<unknown, unknown>(parseRequestSubject('integration.audit.rooms.read.01ABC.members'), {
    name: 'audit',
    area: 'rooms.read',
    target: '01ABC',
    operation: 'members',
  });
  t.deepEqual<unknown, unknown>(parseRequestSubject('integration.audit.admin.show'), {
    name: 'audit',
    area: 'admin',
    target: 'all',
    operation: 'show',
  });
});

test('integration subjects: any other subject is no request', (t) => {
  for (const subject of [
    '',
    'integration',
    'integration.audit',
    'integration.audit.rooms',
    'integration.audit.rooms.read',
    'integration.audit.rooms.read.01ABC',
    'integration.audit.rooms.read.01ABC.members.more',
    'integration.audit.rooms.read..members',
    'integration.audit.admin.show.more',
    'integration.Audit.admin.show',
    'tracker.audit.admin.show',
  ]) {
    t.is(parseRequestSubject(subject), undefined, subject);
  }
});
