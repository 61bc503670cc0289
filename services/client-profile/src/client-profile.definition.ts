import type { ServiceDefinition } from '@lisible/platform';
import { catalogueOf } from './catalogue.ts';
import { ClientProfileModule } from './client-profile.module.ts';
import { migrations } from './dossiers/migrations.ts';

/**
 * Who the client is: takes applications in, prepares their features, answers dossiers.
 * @param lender whose catalogue says what an application is
 * @throws RangeError when no lender has this name
 */
export const clientProfileService = (lender: string): ServiceDefinition => ({
  name: 'client-profile',
  module: { module: ClientProfileModule, providers: [catalogueOf(lender)] },
  migrations,
});
