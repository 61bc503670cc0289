import { simulatedApplicationSchema, simulationRequestSchema } from '@lisible/contracts';
import type { PreparedAdvice, PreparedAssumptions, PreparedSimulation, SimulatedApplication, SimulationRequest } from '@lisible/contracts';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { PrepareAssumptions } from './prepare-assumptions.ts';
import { PrepareSimulation } from './prepare-simulation.ts';

@Controller()
export class PrepareSimulationController {
  constructor(
    @Inject(PrepareSimulation) private readonly prepareSimulation: PrepareSimulation,
    @Inject(PrepareAssumptions) private readonly prepareAssumptions: PrepareAssumptions,
  ) {}

  @Post('simulations/prepared')
  @HttpCode(200)
  async simulation(@Body({ schema: simulationRequestSchema }) request: SimulationRequest): Promise<PreparedSimulation> {
    return this.prepareSimulation.simulation(request);
  }

  @Post('advice/prepared')
  @HttpCode(200)
  async advice(@Body({ schema: simulatedApplicationSchema }) application: SimulatedApplication): Promise<PreparedAdvice> {
    return this.prepareSimulation.advice(application);
  }

  @Post('assumptions/prepared')
  @HttpCode(200)
  async assumptions(@Body({ schema: simulatedApplicationSchema }) application: SimulatedApplication): Promise<PreparedAssumptions> {
    return this.prepareAssumptions.execute(application);
  }
}
