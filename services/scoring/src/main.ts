import { runService } from '@lisible/platform';
import { scoringProcess } from './scoring.process.ts';

await runService(scoringProcess);
