export { generatePopulation, type GeneratedPopulation, type GenerationProgress, type PopulationRequest } from './generate-population.ts';
