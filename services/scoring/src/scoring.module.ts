import { READINESS } from '@lisible/platform';
import { Module } from '@nestjs/common';
import { AdoptPolicy } from './adopt-policy/adopt-policy.ts';
import { ChangePolicyController } from './adopt-policy/change-policy.controller.ts';
import { ChangePolicy } from './adopt-policy/change-policy.ts';
import { Champion } from './follow-champion/champion.ts';
import { FollowChampionController } from './follow-champion/follow-champion.controller.ts';
import { ModelReadiness } from './follow-champion/model-readiness.ts';
import { DecisionLedger } from './ledger/decision-ledger.ts';
import { PostgresDecisionLedger } from './ledger/postgres.decision-ledger.ts';
import { LookupDecisionsController } from './lookup-decisions/lookup-decisions.controller.ts';
import { PastLoanEstimates } from './past-loan-estimate/past-loan-estimates.ts';
import { PastLoanEstimateController } from './past-loan-estimate/past-loan-estimate.controller.ts';
import { PolicyVersions } from './policies/policy-versions.ts';
import { PostgresPolicyVersions } from './policies/postgres.policy-versions.ts';
import { OnnxPredictors } from './predictor/onnx.predictor.ts';
import { Predictors } from './predictor/predictor.ts';
import { ReadDecisionController } from './read-decision/read-decision.controller.ts';
import { ReadModelController } from './read-model/read-model.controller.ts';
import { ReadPolicyController } from './read-policy/read-policy.controller.ts';
import { ScoreApplications } from './score-applications/score-applications.ts';
import { ScoreApplicationsController } from './score-applications/score-applications.controller.ts';

@Module({
  controllers: [
    ScoreApplicationsController,
    FollowChampionController,
    ReadDecisionController,
    LookupDecisionsController,
    ReadPolicyController,
    ChangePolicyController,
    ReadModelController,
    PastLoanEstimateController,
  ],
  providers: [
    { provide: Predictors, useClass: OnnxPredictors },
    { provide: DecisionLedger, useClass: PostgresDecisionLedger },
    { provide: PolicyVersions, useClass: PostgresPolicyVersions },
    { provide: READINESS, useClass: ModelReadiness },
    Champion,
    AdoptPolicy,
    ChangePolicy,
    ScoreApplications,
    PastLoanEstimates,
  ],
  exports: [READINESS],
})
export class ScoringModule {}
