import { startingStep } from './starting-step.ts';

describe('what the start is waiting for', () => {
  it.each([
    ['training: generating 10000 synthetic clients', 'population', null],
    ['training: reading the raw tables', 'reading', null],
    ['training: 4000 of 10000 applications', 'features', { done: 4000, total: 10000 }],
    ['training: search without fold 2: 7 settings tried, 40 s left', 'search', null],
    ['training: fit 3 of 16', 'crossValidation', { done: 3, total: 16 }],
    ['training: round 80 of 214', 'finalFit', { done: 80, total: 214 }],
    ['training: study: fewer features, 3 of 48 fits', 'studies', null],
    ['training: assembling the evidence', 'proving', null],
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
