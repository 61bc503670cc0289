import { runService } from '@lisible/platform';
import { clientProfileProcess } from './client-profile.process.ts';

await runService(clientProfileProcess);
