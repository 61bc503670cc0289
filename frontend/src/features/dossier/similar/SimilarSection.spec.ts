import { cohortComparisonSchema, type CohortComparison } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { ApiError } from '../../../app/api/api.client.ts';
import { exampleDossier } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import SimilarSection from './SimilarSection.vue';

const similar = (part: Partial<CohortComparison> = {}): CohortComparison =>
  cohortComparisonSchema.parse({
    snapshotId: 's1',
    asOf: '2026-11-20T00:00:00Z',
    cohort: { name: 'similar', filters: [] },
    groupSize: 200,
    populationSize: 33_907,
    outcome: { defaulted: 18, defaultRate: { value: 0.09, lower: 0.058, upper: 0.138 } },
    features: [],
    pair: null,
    similar: {
      radius: 0.3,
      modelVersion: 'v7',
      shared: [{ code: 'LOAN_PRICE', label: { fr: 'Coût du crédit', en: 'Cost of the loan' }, direction: 'decreases-risk', shareAlike: 0.805 }],
      statement: { fr: 'Proches.', en: 'Close.' },
    },
    ...part,
  });

const show = async (answer: CohortComparison | Error) => {
  const asked: unknown[] = [];
  const post = (path: string, body: unknown): Promise<unknown> => {
    asked.push([path, body]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const wrapper = await mountPage(SimilarSection, { props: { dossier: exampleDossier() }, api: { post } });
  await flushPromises();
  return { wrapper, asked, text: readText(wrapper) };
};

describe('similar past dossiers', () => {
  it('say how their loans ended, with an interval, and what makes them alike', async () => {
    const { text, asked, wrapper } = await show(similar());
    expect(text).toContain('200 dossiers proches : 18 impayés (9 sur 100, intervalle de 6 à 14).');
    expect(text).toContain('Coût du crédit diminue le risque, comme pour 81 % d’entre eux');
    expect(wrapper.findAll('.squares .marked')).toHaveLength(9);
    expect(wrapper.findAll('.squares span')).toHaveLength(100);
    expect(wrapper.get('[role="img"]').attributes('aria-label')).toContain('18 impayés');
    expect(asked).toEqual([
      ['/v1/cohorts/comparison', { cohort: { name: 'similar', filters: [] }, features: [], client: { clientId: 'C-1', applicationId: 'A-1' } }],
    ]);
  });

  it('draw nothing where outcomes are not told', async () => {
    const { text, wrapper } = await show(similar({ outcome: null }));
    expect([text.includes('leur issue n’est pas dite'), wrapper.find('.squares').exists()]).toEqual([true, false]);
  });

  it('give the server’s words where the group is withheld', async () => {
    const problem = {
      type: 'x',
      title: 'x',
      status: 422,
      code: 'cohort-withheld',
      detail: 'Moins de 20 clients : rien n’en est dit.',
      correlationId: 'c',
    };
    const { text } = await show(new ApiError('cohort-withheld', problem));
    expect(text).toContain('Moins de 20 clients : rien n’en est dit.');
  });
});
