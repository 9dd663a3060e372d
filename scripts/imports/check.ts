import { fileURLToPath } from 'node:url';
import { inspectHouse } from './house.ts';

const { files, complaints } = inspectHouse(fileURLToPath(new URL('../../', import.meta.url)));
for (const complaint of complaints) console.error(complaint);
console.log(`import directions: ${files} files, ${complaints.length} complaints`);
process.exitCode = complaints.length > 0 ? 1 : 0;
