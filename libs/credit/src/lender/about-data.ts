import type { LocalizedText, ModelEvidence } from '@lisible/contracts';

type Heading = ModelEvidence['dataSheet']['words'][number]['heading'];

/** What no table tells of a lender's data, under the headings of a data sheet (Gebru et al., Datasheets for Datasets, 2018). */
export interface AboutData {
  readonly statements: readonly { readonly heading: Heading; readonly statements: readonly LocalizedText[] }[];
  /** ROC AUC above which a model on these data is taken to know what it should not, 0..1; null where nobody knows. */
  readonly plausibleRocAuc: number | null;
}
