import { runService } from '@lisible/platform';
import { explainerProcess } from './explainer.process.ts';

await runService(explainerProcess);
