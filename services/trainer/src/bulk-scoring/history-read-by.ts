import { tablesBehind } from '@lisible/credit';
import type { IngestionOrder } from '../ingest-raw-tables/ingest-raw-tables.ts';
import type { ServedChampion } from './open-champion.ts';

/** The history tables that the model learnt from, and no other: a model of the application alone reads none. */
export const historyReadBy = ({
  manifest: { featureNames },
  lender: { catalogue },
}: Pick<ServedChampion, 'manifest' | 'lender'>): Pick<IngestionOrder, 'history'> => {
  const features = new Set(featureNames);
  const tables = new Set(catalogue.features.filter(({ name }) => features.has(name)).flatMap((feature) => [...tablesBehind(catalogue, feature)]));
  return tables.size === 0 ? {} : { history: { fieldNames: catalogue.historyFields.map(({ name }) => name), tables, learnFrom: null } };
};
