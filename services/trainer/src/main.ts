import { lenderEnvironmentShape, runService } from '@lisible/platform';
import { trainerService } from './index.ts';

await runService({ name: 'trainer', keepsRecords: true, environment: lenderEnvironmentShape, define: ({ LENDER }) => trainerService(LENDER) });
