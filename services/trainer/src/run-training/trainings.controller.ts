import { trainingRequestSchema } from '@lisible/contracts';
import type { TrainingView } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { RunTraining } from './run-training.ts';

@Controller('trainings')
export class TrainingsController {
  constructor(@Inject(RunTraining) private readonly runTraining: RunTraining) {}

  @Post()
  @HttpCode(202)
  start(@Body() body: unknown): Promise<TrainingView> {
    const request = trainingRequestSchema.safeParse(body);
    if (!request.success)
      throw new RejectedError(
        'request-invalid',
        { fr: 'La demande d’entraînement n’est pas valable.', en: 'The training request is not valid.' },
        request.error.issues.map(({ path }) => ({ field: path.join('.') || 'body', code: 'invalid', message: { fr: 'valeur absente ou mal formée', en: 'missing or malformed value' } })),
      );
    return this.runTraining.start(request.data);
  }

  @Get(':trainingId')
  get(@Param('trainingId') trainingId: string): Promise<TrainingView> {
    return this.runTraining.get(trainingId);
  }
}
