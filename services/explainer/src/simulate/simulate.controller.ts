import { preparedAdviceSchema, preparedAssumptionsSchema, preparedSimulationSchema } from '@lisible/contracts';
import type { Advice, Assumptions, PreparedAdvice, PreparedAssumptions, PreparedSimulation, Simulation } from '@lisible/contracts';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Advise } from './advise.ts';
import { AssessInputs } from './assess-inputs.ts';
import { Simulate } from './simulate.ts';

@Controller()
export class SimulateController {
  constructor(
    @Inject(Simulate) private readonly simulate: Simulate,
    @Inject(Advise) private readonly advise: Advise,
    @Inject(AssessInputs) private readonly assessInputs: AssessInputs,
  ) {}

  @Post('simulations')
  @HttpCode(200)
  async simulation(@Body({ schema: preparedSimulationSchema }) prepared: PreparedSimulation): Promise<Simulation> {
    return this.simulate.execute(prepared);
  }

  @Post('advice')
  @HttpCode(200)
  async advice(@Body({ schema: preparedAdviceSchema }) prepared: PreparedAdvice): Promise<Advice> {
    return this.advise.execute(prepared);
  }

  @Post('assumptions')
  @HttpCode(200)
  async assumptions(@Body({ schema: preparedAssumptionsSchema }) prepared: PreparedAssumptions): Promise<Assumptions> {
    return this.assessInputs.execute(prepared);
  }
}
