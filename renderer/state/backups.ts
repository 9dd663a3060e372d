import type { DeviceBackup } from '../../shared/ipc.ts';
import { bytes, instant } from '../format.ts';

const REASONS: Readonly<Record<DeviceBackup['reason'], string>> = {
  routine: 'Made by itself',
  asked: 'Made when you asked',
  'before-restore': 'What was here before a restore',
  'before-migration': 'What was here before an update',
};

/** "Today, 14:02" and "Made by itself, 184 MB". */
export function describeBackup({ at, reason, bytes: size }: DeviceBackup): { when: string; what: string } {
  return { when: instant(new Date(at).toISOString()), what: `${REASONS[reason]}, ${bytes(size)}` };
}
