import { exampleCatalogue, exampleDossier } from '../../testing/examples.ts';
import { filterInformation, informationRows, type InformationFilter } from './information-rows.ts';

const words = { fr: { yes: 'oui', no: 'non' }, en: { yes: 'yes', no: 'no' } };
const rowsIn = (language: 'fr' | 'en') => informationRows(exampleCatalogue, exampleDossier(), language, words[language]);
const textOf = (language: 'fr' | 'en', name: string) => rowsIn(language).find((row) => row.name === name)?.text?.replaceAll(/\s/gu, ' ');
const everything: InformationFilter = { search: '', theme: 'all', isOnlyMissing: false, isOnlyReadByModel: false };
const namesOf = (filter: Partial<InformationFilter>) => filterInformation(rowsIn('fr'), { ...everything, ...filter }).map((row) => row.name);

describe('information rows', () => {
  it('are each field and each computed feature once, in words', () => {
    expect(rowsIn('fr').map((row) => row.name)).toEqual(['creditAmount', 'contractType', 'employedSince', 'ownsCar', 'sex', 'occupation', 'annuityToIncome', 'externalScoreMean', 'submissionWeekday']);
    expect(textOf('fr', 'creditAmount')).toBe('406 598 €');
    expect(textOf('en', 'creditAmount')).toBe('€406,598');
    expect(textOf('fr', 'contractType')).toBe('Crédit amortissable');
    expect(textOf('en', 'employedSince')).toBe('12 Mar 2019');
    expect(textOf('fr', 'ownsCar')).toBe('non');
    expect(textOf('fr', 'annuityToIncome')).toBe('12,3 %');
    expect([textOf('fr', 'submissionWeekday'), textOf('en', 'submissionWeekday')]).toEqual(['mardi', 'Tuesday']);
  });

  it('say what is missing, what the model reads and what it never reads', () => {
    const row = (name: string) => rowsIn('fr').find((known) => known.name === name);
    expect(row('occupation')).toMatchObject({ isMissing: true, text: null, isReadByModel: false });
    expect(row('creditAmount')).toMatchObject({ isReadByModel: true, source: 'declared' });
    expect(row('sex')).toMatchObject({ isProtected: true, isReadByModel: false, text: 'Femme' });
    expect(row('annuityToIncome')).toMatchObject({ source: 'computed' });
  });

  it('show a category that the catalogue does not know as it is', () => {
    const dossier = exampleDossier({ fields: { contractType: 'leasing' } });
    expect(informationRows(exampleCatalogue, dossier, 'fr', words.fr).find((row) => row.name === 'contractType')?.text).toBe('leasing');
  });
});

describe('filters', () => {
  it('keep a theme, what is missing, what the model reads', () => {
    expect(namesOf({ theme: 'work' })).toEqual(['employedSince', 'occupation']);
    expect(namesOf({ isOnlyMissing: true })).toEqual(['occupation', 'externalScoreMean']);
    expect(namesOf({ isOnlyReadByModel: true })).toEqual(['creditAmount', 'annuityToIncome', 'externalScoreMean', 'submissionWeekday']);
    expect(namesOf({ isOnlyMissing: true, isOnlyReadByModel: true })).toEqual(['externalScoreMean']);
  });

  it('search without accents or case, in labels, definitions and values', () => {
    expect(namesOf({ search: 'ECHEANCE' })).toEqual(['annuityToIncome']);
    expect(namesOf({ search: 'embauche' })).toEqual(['employedSince']);
    expect(namesOf({ search: 'amortissable' })).toEqual(['contractType']);
    expect(namesOf({ search: 'rien de tel' })).toEqual([]);
  });
});
