import type { Application } from '@lisible/contracts';

/** The loan system's own name in its CloudEvents. */
export const strangerSource = 'urn:loan-system:stranger';
export const submittedTopic = 'credit.application.submitted.v1';

/** Numbers in [0, 1) from a seed (mulberry32): a run can be repeated with the same choices. */
export const seededDraw = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Shuffled by a seeded draw (Fisher–Yates); a new array. */
export const shuffled = <T>(items: readonly T[], draw: () => number): readonly T[] => {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(draw() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a === undefined || b === undefined) continue;
    [result[last], result[other]] = [b, a];
  }
  return result;
};

/** The n-th application of a run, unlike every other in its number and its amount, of a client of the population. */
export const makeApplication = (templates: readonly Application[], prefix: string, nth: number): Application => {
  const template = templates[nth % templates.length];
  if (template === undefined) throw new Error('the population has no application without an outcome');
  const changes: Pick<Application, 'applicationId'> & Record<string, string | number> = {
    applicationId: `${prefix}${nth}`,
    creditAmount: Number(template['creditAmount']) + nth,
  };
  return Object.assign({ ...template }, changes);
};

/** An application as a loan system publishes it: a CloudEvent in structured JSON. */
export const toCloudEvent = (application: Application, id: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: strangerSource,
    type: submittedTopic,
    time: new Date().toISOString(),
    subject: application.applicationId,
    datacontenttype: 'application/json',
    data: application,
  });
