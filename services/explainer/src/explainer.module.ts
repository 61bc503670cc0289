import { READINESS } from '@lisible/platform';
import { Module } from '@nestjs/common';
import { ExplainDecisions } from './explain-decisions/explain-decisions.ts';
import { ExplainDecisionsController } from './explain-decisions/explain-decisions.controller.ts';
import { Champion } from './follow-champion/champion.ts';
import { FollowChampionController } from './follow-champion/follow-champion.controller.ts';
import { ModelReadiness } from './follow-champion/model-readiness.ts';
import { FollowPolicyController } from './follow-policy/follow-policy.controller.ts';
import { ModelVersions } from './model-versions/model-versions.ts';
import { PastLoanExplanation } from './past-loan-explanation/past-loan-explanation.ts';
import { PastLoanExplanationController } from './past-loan-explanation/past-loan-explanation.controller.ts';
import { ReadExplanationController } from './read-explanation/read-explanation.controller.ts';
import { ExplanationRecords } from './records/explanation-records.ts';
import { PolicyRecords } from './records/policy-records.ts';
import { PostgresExplanationRecords } from './records/postgres.explanation-records.ts';
import { PostgresPolicyRecords } from './records/postgres.policy-records.ts';
import { Advise } from './simulate/advise.ts';
import { AssessInputs } from './simulate/assess-inputs.ts';
import { Estimator } from './simulate/estimator.ts';
import { SimulateController } from './simulate/simulate.controller.ts';
import { Simulate } from './simulate/simulate.ts';

@Module({
  controllers: [
    ExplainDecisionsController,
    FollowChampionController,
    FollowPolicyController,
    ReadExplanationController,
    PastLoanExplanationController,
    SimulateController,
  ],
  providers: [
    { provide: ExplanationRecords, useClass: PostgresExplanationRecords },
    { provide: PolicyRecords, useClass: PostgresPolicyRecords },
    { provide: READINESS, useClass: ModelReadiness },
    ModelVersions,
    Champion,
    ExplainDecisions,
    PastLoanExplanation,
    Estimator,
    Simulate,
    Advise,
    AssessInputs,
  ],
  exports: [READINESS],
})
export class ExplainerModule {}
