export { generatePopulation, type GeneratedPopulation, type GenerationProgress, type PopulationRequest } from './generate-population.ts';
export type { FileFormat, TableSelection } from './chunk.ts';
