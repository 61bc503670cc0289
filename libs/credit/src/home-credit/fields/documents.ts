import { booleanField, withoutFeature, type HomeCreditField } from '../declare-field.ts';

/** The source numbers its documents and does not say what they are. */
const documentNumbers = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21] as const;

/** Which supporting documents came with the application; how many is a feature, which of twenty unexplained numbers is not. */
export const documentFields: readonly HomeCreditField[] = documentNumbers.map((number) =>
  withoutFeature(
    booleanField({
      name: `hasDocument${number}`,
      column: `FLAG_DOCUMENT_${number}`,
      label: [`Document n° ${number} fourni`, `Document ${number} supplied`],
      definition: [`Le client a fourni le document n° ${number}.`, `The client supplied document ${number}.`],
      theme: 'documents',
      reasonCode: 'DOCUMENTS',
      isActionable: true,
    }),
  ),
);
