import { simulationSchema } from '@lisible/contracts';
import { createRandom } from '@lisible/credit';
import type { Figure } from '../figure.ts';
import { quantile } from '../figure.ts';
import { startWhatIfPlatform } from '../what-if-platform.ts';

const limitMs = 40;

export const simulation: Figure = {
  name: 'simulation',
  title: 'a changed loan prepared, scored and explained through the gateway, before and after',
  unit: 'ms (p99)',
  target: `p99 under ${limitMs} ms; as asked, the estimate is the recorded one`,

  async measure({ isShort, log }) {
    const platform = await startWhatIfPlatform(log);
    try {
      const random = createRandom(7);
      const samples: number[] = [];
      let differing = 0;
      let simulated = 0;
      const chosen = platform.decisions.slice(0, isShort ? 100 : 500);
      for (const [index, { applicationId, clientId, probabilityOfDefault }] of chosen.entries()) {
        const asked = await platform.ask('/v1/simulations', { clientId, applicationId, change: {} }).catch(() => null);
        // A loan whose amounts tell no term cannot be simulated, and says so.
        if (asked === null) continue;
        const { levers, before } = simulationSchema.parse(asked.answer);
        simulated += 1;
        if (before.outcome.probabilityOfDefault !== probabilityOfDefault) differing += 1;
        const [amount, term] = levers;
        for (let change = 0; change < 4; change += 1) {
          const creditAmount = Math.round((amount?.min ?? 0) + random.uniform() * ((amount?.max ?? 0) - (amount?.min ?? 0)));
          const terms = term?.values ?? [];
          const termMonths = terms[Math.floor(random.uniform() * terms.length)];
          const { elapsedMs } = await platform.ask('/v1/simulations', { clientId, applicationId, change: { creditAmount, termMonths } });
          if (index >= 10) samples.push(elapsedMs);
        }
      }
      const p99 = quantile(samples, 0.99);
      return {
        value: p99,
        samples: [0, 0.5, 0.9, 0.95, 0.99, 1].map((share) => quantile(samples, share)),
        rival: { name: 'limit', value: limitMs },
        isMet: p99 < limitMs && differing === 0,
        details: {
          simulations: samples.length,
          'applications simulated': simulated,
          'without a term': chosen.length - simulated,
          'estimates that differ from the recorded one': differing,
          samples: 'min, p50, p90, p95, p99, max',
        },
      };
    } finally {
      await platform.close();
    }
  },
};
