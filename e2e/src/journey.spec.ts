import { join } from 'node:path';
import { generatePopulation } from '@lisible/generator';
import { describeJourney } from './journey.ts';

describeJourney({
  name: 'synthetic population',
  minutesToReady: 5,
  prepareDataDir: async (workFolder) => {
    const outDir = join(workFolder, 'raw');
    await generatePopulation({ seed: 7, labelled: 3000, unlabelled: 60, outDir, tables: 'all' });
    return outDir;
  },
});
