import { startingStep } from './starting-step.ts';

describe('what the start is waiting for', () => {
  it.each([
    ['training: generating 10000 synthetic clients', 'population', null],
    ['training: reading the raw tables', 'reading', null],
    ['training: 4000 of 10000 applications', 'features', { done: 4000, total: 10000 }],
    ['training: fold 3 of 5, round 120', 'crossValidation', { done: 3, total: 5 }],
    ['training: round 80 of 214', 'finalFit', { done: 80, total: 214 }],
    ['training: proving the artefact', 'proving', null],
    ['training: something new', 'training', null],
    ['dossiers: loading', 'dossiers', null],
    ['model: none in force yet', 'model', null],
    ['services: scoring', 'services', null],
    [null, 'services', null],
  ])('%s', (waitingFor, key, count) => {
    expect(startingStep(waitingFor)).toEqual({ key, count });
  });
});
