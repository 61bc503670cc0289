import { Module } from '@nestjs/common';
import { ModelsController } from './list-models/models.controller.ts';
import { EvidenceController } from './model-evidence/evidence.controller.ts';
import { CountDecisions } from './portfolio/count-decisions.ts';
import { PastLoans } from './portfolio/past-loans.ts';
import { PortfolioController } from './portfolio/portfolio.controller.ts';
import { ReadDecided } from './portfolio/read-decided.ts';
import { PromoteModel } from './promote-model/promote-model.ts';
import { RegisterModel } from './register-model/register-model.ts';
import { RunTraining } from './run-training/run-training.ts';
import { TrainingsController } from './run-training/trainings.controller.ts';

@Module({
  controllers: [ModelsController, EvidenceController, TrainingsController, PortfolioController],
  providers: [RunTraining, RegisterModel, PromoteModel, CountDecisions, ReadDecided, PastLoans],
})
export class TrainerModule {}
