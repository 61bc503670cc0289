import type { ServiceDefinition } from '@lisible/platform';
import { catalogueOf } from './catalogue.ts';
import { ExplainerModule } from './explainer.module.ts';
import { migrations } from './records/migrations.ts';

/**
 * Decisions to exact attributions to reasons.
 * @param lender whose catalogue tells the reasons
 * @throws RangeError when no lender has this name
 */
export const explainerService = (lender: string): ServiceDefinition => ({
  name: 'explainer',
  module: { module: ExplainerModule, providers: [catalogueOf(lender)] },
  migrations,
});
