import type { Applied } from './engine/commit.ts';
import type { BulkWriteReply, BulkWriteRequest, CommitReply } from './protocol.ts';

/** What a commit answers across the thread: only what the other side does not know already. */
export function commitReply(applied: Applied): CommitReply {
  const before: [number, string][] = [];
  for (const [index, change] of applied.changes.entries()) {
    if (change.before !== undefined) before.push([index, change.before]);
  }
  const purged = applied.purged.map(({ collection, doc, before: text = '' }) => {
    return { collection: collection.name, doc, before: text };
  });
  return { commit: applied.commit, historyTotal: applied.historyTotal, before, purged };
}

export function bulkWriteReply(request: BulkWriteRequest, applied: Applied): BulkWriteReply {
  const refused = applied.refusals.map(({ index, refusal }) => {
    const { inStore } = refusal;
    return 'attachment' in refusal ? { index, attachment: refusal.attachment, inStore } : { index, inStore };
  });
  const fresh: number[] = [];
  const left = new Set(refused.map(({ index }) => index));
  let written = 0;
  for (const [index, previous] of request.previous.entries()) {
    if (left.has(index)) continue;
    if (previous !== undefined && applied.changes[written]?.before === undefined) fresh.push(index);
    written += 1;
  }
  return { refused, fresh };
}
