import type { Application, DataQualityNote, LocalizedText } from '@lisible/contracts';
import { say, type Catalogue, type FieldDefinition } from '../catalogue/index.ts';

const historyMissing: DataQualityNote = {
  kind: 'history-missing',
  field: null,
  statement: say(
    'Aucun historique de crédit n’est disponible pour ce client : l’estimation repose sur la demande seule.',
    'No credit history is available for this client: the estimate rests on the application alone.',
  ),
};

const isMissing = (value: unknown): boolean => value === null || value === undefined;

/** A category that the catalogue does not know; the model sees it as missing. */
export const isUnseenCategory = (field: FieldDefinition, value: unknown): boolean =>
  field.categories !== null && typeof value === 'string' && !field.categories.some((category) => category.value === value);

const missingStatement = ({ label }: FieldDefinition): LocalizedText =>
  say(
    `Information importante absente : « ${label.fr} ». L’estimation en est moins précise.`,
    `Important information is missing: “${label.en}”. The estimate is less precise for it.`,
  );

const unseenStatement = ({ label }: FieldDefinition): LocalizedText =>
  say(
    `Réponse inconnue du catalogue pour « ${label.fr} » : elle est traitée comme absente.`,
    `The answer to “${label.en}” is not one the catalogue knows: it is treated as missing.`,
  );

/** The note for a value that was changed before use; it never repeats the value. */
export const repairedNote = ({ name, label }: FieldDefinition): DataQualityNote => ({
  kind: 'repaired',
  field: name,
  statement: say(
    `Valeur de remplissage reçue pour « ${label.fr} » : elle est traitée comme absente.`,
    `A placeholder was received for “${label.en}”: it is treated as missing.`,
  ),
});

/**
 * Remarks on what a decision about this application would rest on: history missing (whenever the caller has not
 * found any), important fields missing, categories that the catalogue does not know.
 */
export const dataQualityNotes = (catalogue: Catalogue, application: Application, isHistoryMissing = true): readonly DataQualityNote[] => [
  ...(isHistoryMissing ? [historyMissing] : []),
  ...catalogue.fields.flatMap((field): readonly DataQualityNote[] => {
    const value = application[field.name];
    if (field.isImportant && isMissing(value)) return [{ kind: 'missing', field: field.name, statement: missingStatement(field) }];
    if (isUnseenCategory(field, value)) return [{ kind: 'unseen-category', field: field.name, statement: unseenStatement(field) }];
    return [];
  }),
];

/** The name shown for a client, from the contact fields that are there; null when none is. */
export const displayNameOf = (catalogue: Catalogue, application: Application): string | null => {
  const parts = catalogue.displayNameFields.map((name) => application[name]).filter((part) => typeof part === 'string' && part.trim() !== '');
  return parts.length === 0 ? null : parts.join(' ');
};
