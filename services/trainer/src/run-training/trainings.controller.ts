import { trainingRequestSchema } from '@lisible/contracts';
import type { TrainingRequest, TrainingView } from '@lisible/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { RunTraining } from './run-training.ts';

@Controller('trainings')
export class TrainingsController {
  constructor(@Inject(RunTraining) private readonly runTraining: RunTraining) {}

  @Post()
  @HttpCode(202)
  start(@Body({ schema: trainingRequestSchema }) request: TrainingRequest): Promise<TrainingView> {
    return this.runTraining.start(request);
  }

  @Get(':trainingId')
  get(@Param('trainingId') trainingId: string): Promise<TrainingView> {
    return this.runTraining.get(trainingId);
  }
}
