/** A step of the start in our own words: a message key below `shell.starting.step`, and how far it has come where that is told. */
export interface StartingStep {
  readonly key:
    | 'population'
    | 'reading'
    | 'features'
    | 'search'
    | 'crossValidation'
    | 'finalFit'
    | 'studies'
    | 'proving'
    | 'training'
    | 'dossiers'
    | 'services'
    | 'model';
  /** « done of total », both positive integers; null when untold. */
  readonly count: { readonly done: number; readonly total: number } | null;
}

/** `/health/ready` speaks to operators, in English; these are its words that a person waiting may meet, most telling first. */
const steps: readonly (readonly [RegExp, StartingStep['key']])[] = [
  [/^training: generating/, 'population'],
  [/^training: search/, 'search'],
  [/^training: fit (?<done>\d+) of (?<total>\d+)/, 'crossValidation'],
  [/^training: cross-validation/, 'crossValidation'],
  [/^training: (?<done>\d+) of (?<total>\d+) applications/, 'features'],
  [/^training: features/, 'features'],
  [/^training: round (?<done>\d+) of (?<total>\d+)/, 'finalFit'],
  [/^training: final-fit/, 'finalFit'],
  [/^training: stud(?:y|ies)/, 'studies'],
  [/^training: (proving|evidence|registering|measuring|writing|assembling)/, 'proving'],
  [/^training: (reading|checking|starting)/, 'reading'],
  [/^training/, 'training'],
  [/^dossiers/, 'dossiers'],
  [/^model/, 'model'],
];

/** What the platform is waiting for; anything unknown is the services starting. */
export const startingStep = (waitingFor: string | null): StartingStep => {
  for (const [pattern, key] of steps) {
    const match = pattern.exec(waitingFor ?? '');
    if (match === null) continue;
    const done = Number(match.groups?.['done']);
    const total = Number(match.groups?.['total']);
    return { key, count: done > 0 && total > 0 ? { done, total } : null };
  }
  return { key: 'services', count: null };
};
