import type { AuditEntry, RecordRow } from '../../shared/ipc.ts';
import type { CollectionName } from '../../shared/model/index.ts';
import { demoAudit } from './demo-records/audit.ts';
import { addCompany } from './demo-records/company.ts';
import { addDeals } from './demo-records/deals.ts';
import { addInbox } from './demo-records/inbox.ts';
import { addParties } from './demo-records/parties.ts';
import { emptyScene } from './demo-records/scene.ts';

export { demoNow } from './demo-records/scene.ts';

/** An invented company of about 1,000 records, the same every time. For pictures and component tests only. */
export interface DemoRecords {
  readonly rows: Map<CollectionName, RecordRow[]>;
  readonly audit: AuditEntry[];
  readonly names: Map<string, string>;
  readonly me: string;
}

export function demoRecords(deals = 520): DemoRecords {
  const scene = emptyScene();
  addCompany(scene);
  addParties(scene);
  addDeals(scene, deals);
  addInbox(scene);
  return { rows: scene.rows, names: scene.names, me: 'user-00', audit: demoAudit(scene) };
}
