import { Module } from '@nestjs/common';
import { ModelsController } from './list-models/models.controller.ts';
import { EvidenceController } from './model-evidence/evidence.controller.ts';
import { PromoteModel } from './promote-model/promote-model.ts';
import { RegisterModel } from './register-model/register-model.ts';
import { RunTraining } from './run-training/run-training.ts';
import { TrainingsController } from './run-training/trainings.controller.ts';

@Module({ controllers: [ModelsController, EvidenceController, TrainingsController], providers: [RunTraining, RegisterModel, PromoteModel] })
export class TrainerModule {}
