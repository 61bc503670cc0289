import { lenderEnvironmentShape, runService } from '@lisible/platform';
import { clientProfileService } from './client-profile.definition.ts';

await runService({
  name: 'client-profile',
  keepsRecords: true,
  environment: lenderEnvironmentShape,
  define: ({ LENDER }) => clientProfileService(LENDER),
});
