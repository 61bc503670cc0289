import type { ServiceDefinition } from '@lisible/platform';
import { catalogueOf } from './catalogue.ts';
import { ClientProfileModule } from './client-profile.module.ts';
import { migrations } from './dossiers/migrations.ts';
import { defaultPopulationOptions, POPULATION_OPTIONS } from './population/population.ts';
import type { PopulationOptions } from './population/population.ts';

/**
 * Who the client is: takes applications in, prepares their features, answers dossiers.
 * @param lender whose catalogue says what an application is
 * @param population what may be told of groups, and how much memory they may take
 * @throws RangeError when no lender has this name
 */
export const clientProfileService = (lender: string, population: Partial<PopulationOptions> = {}): ServiceDefinition => ({
  name: 'client-profile',
  module: {
    module: ClientProfileModule,
    providers: [catalogueOf(lender), { provide: POPULATION_OPTIONS, useValue: { ...defaultPopulationOptions, ...population } }],
  },
  migrations,
});
