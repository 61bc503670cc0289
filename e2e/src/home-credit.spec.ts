import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.ts';

const folder = join(import.meta.dirname, '../../../shared/data/home-credit');
const isAvailable = existsSync(join(folder, 'application_train.csv.gz'));
if (!isAvailable) console.warn('SKIPPED: the journey on the Home Credit extract; ../shared/data/home-credit is absent.');

describeJourney({ name: 'Home Credit extract', minutesToReady: 10, isAvailable, prepareDataDir: () => Promise.resolve(folder) });
