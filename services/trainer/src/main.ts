import { runService } from '@lisible/platform';
import { trainerProcess } from './trainer.process.ts';

await runService(trainerProcess);
