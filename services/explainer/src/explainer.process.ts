import { lenderEnvironmentShape } from '@lisible/platform';
import type { ServiceProcess } from '@lisible/platform';
import { explainerService } from './explainer.definition.ts';

/** The service as a process of its own. */
export const explainerProcess: ServiceProcess<typeof lenderEnvironmentShape> = {
  name: 'explainer',
  keepsRecords: true,
  environment: lenderEnvironmentShape,
  define: ({ LENDER }) => explainerService(LENDER),
};
