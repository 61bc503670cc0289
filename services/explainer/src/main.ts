import { lenderEnvironmentShape, runService } from '@lisible/platform';
import { explainerService } from './explainer.definition.ts';

await runService({ name: 'explainer', keepsRecords: true, environment: lenderEnvironmentShape, define: ({ LENDER }) => explainerService(LENDER) });
