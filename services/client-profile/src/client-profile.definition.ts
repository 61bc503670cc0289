import type { ServiceDefinition } from '@lisible/platform';
import { ClientProfileModule } from './client-profile.module.ts';
import { migrations } from './dossiers/migrations.ts';

/** Who the client is: takes applications in, prepares their features, answers dossiers. */
export const clientProfileService: ServiceDefinition = { name: 'client-profile', module: ClientProfileModule, migrations };
