import { lenderEnvironmentShape } from '@lisible/platform';
import type { ServiceProcess } from '@lisible/platform';
import { clientProfileService } from './client-profile.definition.ts';

/** The service as a process of its own. */
export const clientProfileProcess: ServiceProcess<typeof lenderEnvironmentShape> = {
  name: 'client-profile',
  keepsRecords: true,
  environment: lenderEnvironmentShape,
  define: ({ LENDER }) => clientProfileService(LENDER),
};
