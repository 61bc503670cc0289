import type { ServiceProcess } from '@lisible/platform';
import { scoringService } from './scoring.definition.ts';

/** The service as a process of its own. */
export const scoringProcess: ServiceProcess<Readonly<Record<string, never>>> = {
  name: 'scoring',
  keepsRecords: true,
  environment: {},
  define: () => scoringService,
};
