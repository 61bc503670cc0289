import type { Readiness } from '@lisible/contracts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import StartingPage from './StartingPage.vue';

const waitingFor = (what: string): Readiness => ({
  isReady: false,
  model: 'none',
  waitingFor: what,
  services: { gateway: true, 'client-profile': true, scoring: true, explainer: false, trainer: false },
});
const show = (what: string) => mountPage(StartingPage, { props: { readiness: waitingFor(what) } });

describe('the page of a start', () => {
  it('says of what is being trained that it is under way, and of the rest that it waits', async () => {
    const statesOf = async (what: string): Promise<readonly string[]> => (await show(what)).findAll('li .state').map(readText);
    expect(await statesOf('training: fit 3 of 5')).toEqual(['en service', 'en service', 'en service', 'en attente', 'en cours']);
    expect((await statesOf('model: none')).at(-1)).toBe('en attente');
  });

  it('counts the seconds once there are some', async () => {
    vi.useFakeTimers();
    try {
      const wrapper = await show('dossiers');
      expect(readText(wrapper)).not.toContain('Vous attendez');
      await vi.advanceTimersByTimeAsync(6000);
      expect(readText(wrapper)).toContain('Vous attendez depuis 6 secondes');
    } finally {
      vi.useRealTimers();
    }
  });
});
