import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.ts';

const folder = join(import.meta.dirname, '../../../shared/data/home-credit');

if (existsSync(join(folder, 'application_train.csv.gz'))) {
  describeJourney({ name: 'Home Credit extract', minutesToReady: 10, prepareDataDir: async () => folder });
} else {
  console.warn('SKIPPED: the journey on the Home Credit extract; ../shared/data/home-credit is absent.');
  describe('Home Credit extract', () => {
    it.skip('is absent: ../shared/data/home-credit', () => undefined);
  });
}
