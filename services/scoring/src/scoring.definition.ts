import type { ServiceDefinition } from '@lisible/platform';
import { migrations } from './ledger/migrations.ts';
import { ScoringModule } from './scoring.module.ts';

/** Features to probability of default to decision: the ledger, the policy versions, the served model. */
export const scoringService: ServiceDefinition = { name: 'scoring', module: ScoringModule, migrations };
