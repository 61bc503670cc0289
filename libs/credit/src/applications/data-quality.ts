import type { Application, DataQualityNote } from '@lisible/contracts';
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

const missingNote = ({ name, label }: FieldDefinition): DataQualityNote => ({
  kind: 'missing',
  field: name,
  statement: say(
    `Information importante absente : « ${label.fr} ». L’estimation en est moins précise.`,
    `Important information is missing: “${label.en}”. The estimate is less precise for it.`,
  ),
});

const unseenNote = ({ name, label }: FieldDefinition): DataQualityNote => ({
  kind: 'unseen-category',
  field: name,
  statement: say(
    `Réponse inconnue du catalogue pour « ${label.fr} » : elle est traitée comme absente.`,
    `The answer to “${label.en}” is not one the catalogue knows: it is treated as missing.`,
  ),
});

/** A field's notes do not depend on the application: worded once, since most applications miss something. */
const noteFor = (makeNote: (field: FieldDefinition) => DataQualityNote): ((field: FieldDefinition) => DataQualityNote) => {
  const notes = new WeakMap<FieldDefinition, DataQualityNote>();
  return (field) => {
    const note = notes.get(field) ?? makeNote(field);
    notes.set(field, note);
    return note;
  };
};
const missingNoteFor = noteFor(missingNote);
const unseenNoteFor = noteFor(unseenNote);

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
export const dataQualityNotes = (catalogue: Catalogue, application: Application, isHistoryMissing = true): readonly DataQualityNote[] => {
  const notes: DataQualityNote[] = isHistoryMissing ? [historyMissing] : [];
  for (const field of catalogue.fields) {
    const value = application[field.name];
    if (field.isImportant && isMissing(value)) notes.push(missingNoteFor(field));
    else if (isUnseenCategory(field, value)) notes.push(unseenNoteFor(field));
  }
  return notes;
};

/** The name shown for a client, from the contact fields that are there; null when none is. */
export const displayNameOf = (catalogue: Catalogue, application: Application): string | null => {
  const parts = catalogue.displayNameFields.map((name) => application[name]).filter((part) => typeof part === 'string' && part.trim() !== '');
  return parts.length === 0 ? null : parts.join(' ');
};
