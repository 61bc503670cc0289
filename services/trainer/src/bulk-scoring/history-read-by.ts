import { tablesBehind } from '@lisible/credit';
import type { IngestionOrder } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { findRawFiles } from '../ingest-raw-tables/raw-folder.ts';
import type { ServedChampion } from './open-champion.ts';

type Model = Pick<ServedChampion, 'manifest' | 'lender'>;

/** The history tables that the model learnt from, and no other: a model of the application alone reads none. */
export const historyReadBy = ({ manifest: { featureNames }, lender: { catalogue } }: Model): Pick<IngestionOrder, 'history'> => {
  const features = new Set(featureNames);
  const tables = new Set(catalogue.features.filter(({ name }) => features.has(name)).flatMap((feature) => [...tablesBehind(catalogue, feature)]));
  return tables.size === 0 ? {} : { history: { fieldNames: catalogue.historyFields.map(({ name }) => name), tables, learnFrom: null } };
};

/**
 * History tables that the model learnt from and a raw folder lacks, in alphabetical order: whatever they would tell is missing there. None
 * where something is wrong with the folder's files: reading them says so.
 */
export const listLackingTables = async (model: Model, dataDir: string): Promise<readonly string[]> => {
  const learnt = [...(historyReadBy(model).history?.tables ?? [])].toSorted();
  const { files, problems } = await findRawFiles(
    dataDir,
    learnt.map((name) => ({ name, file: null, isRequired: false })),
  );
  return problems.length > 0 ? [] : learnt.filter((name) => files.every(({ table }) => table !== name));
};
