import { lenderEnvironmentShape } from '@lisible/platform';
import type { ServiceProcess } from '@lisible/platform';
import { trainerService } from './trainer.definition.ts';

/** The service as a process of its own. */
export const trainerProcess: ServiceProcess<typeof lenderEnvironmentShape> = {
  name: 'trainer',
  keepsRecords: true,
  environment: lenderEnvironmentShape,
  define: ({ LENDER }) => trainerService(LENDER),
};
