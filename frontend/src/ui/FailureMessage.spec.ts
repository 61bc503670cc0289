import { problemSchema, type ErrorCode } from '@lisible/contracts';
import { ApiError } from '../app/api/api.client.ts';
import { mountPage, readText } from '../testing/mount-page.ts';
import FailureMessage from './FailureMessage.vue';

const problem = (code: ErrorCode, status: number, detail?: string) =>
  new ApiError(code, problemSchema.parse({ type: `urn:lisible:problem:${code}`, title: code, status, code, detail, correlationId: 'c-1' }));

describe('a failure', () => {
  it('that is a refusal is told in its owner’s words, and not offered to be tried again', async () => {
    const detail = 'Les montants de cette demande n’en disent pas la durée : elle ne peut pas être simulée.';
    const wrapper = await mountPage(FailureMessage, { props: { error: problem('request-invalid', 400, detail) } });
    expect(readText(wrapper)).toBe(`Il n’y a pas de réponse à cette question${detail}`);
    expect(wrapper.find('button').exists()).toBe(false);
  });

  it.each([problem('internal', 500), problem('service-unavailable', 503, 'Le service explainer ne répond pas pour l’instant.')])(
    'that may pass can be tried again',
    async (error) => {
      const wrapper = await mountPage(FailureMessage, { props: { error } });
      await wrapper.get('button').trigger('click');
      expect(wrapper.emitted('retry')).toHaveLength(1);
    },
  );
});
