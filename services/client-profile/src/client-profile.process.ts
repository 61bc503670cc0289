import { defaultPrivacyFloor } from '@lisible/credit';
import { lenderEnvironmentShape } from '@lisible/platform';
import type { ServiceProcess } from '@lisible/platform';
import { z } from 'zod';
import { clientProfileService } from './client-profile.definition.ts';

const environment = {
  ...lenderEnvironmentShape,
  /** Groups of fewer clients are not told of; under five nobody is hidden. */
  PRIVACY_FLOOR: z.coerce.number().int().min(5).max(10_000).default(defaultPrivacyFloor),
};

/** The service as a process of its own. */
export const clientProfileProcess: ServiceProcess<typeof environment> = {
  name: 'client-profile',
  keepsRecords: true,
  environment,
  define: ({ LENDER, PRIVACY_FLOOR }) => clientProfileService(LENDER, { privacyFloor: PRIVACY_FLOOR }),
};
