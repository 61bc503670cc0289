import { runService } from '@lisible/platform';
import { scoringService } from './scoring.definition.ts';

await runService({ name: 'scoring', keepsRecords: true, environment: {}, define: () => scoringService });
