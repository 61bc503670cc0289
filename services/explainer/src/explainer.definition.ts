import type { ServiceDefinition } from '@lisible/platform';
import { ExplainerModule } from './explainer.module.ts';
import { migrations } from './records/migrations.ts';

/** Decisions to exact attributions to reasons. */
export const explainerService: ServiceDefinition = { name: 'explainer', module: ExplainerModule, migrations };
