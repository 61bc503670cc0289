import { Controller, Get, Inject } from '@nestjs/common';
import { Champion } from '../follow-champion/champion.ts';

@Controller()
export class ReadModelController {
  constructor(@Inject(Champion) private readonly champion: Champion) {}

  /** 503 `no-model` before the first promotion. */
  @Get('model')
  read(): { readonly modelName: string; readonly modelVersion: string } {
    const { modelName, modelVersion } = this.champion.get().manifest;
    return { modelName, modelVersion };
  }
}
