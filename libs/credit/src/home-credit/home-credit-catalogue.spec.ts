import { checkCatalogue, toCatalogueView } from '../catalogue/index.ts';
import { catalogueViewSchema } from '@lisible/contracts';
import { homeCreditCatalogue as catalogue, homeCredit } from './index.ts';

describe('the Home Credit catalogue', () => {
  it('contradicts itself nowhere', () => {
    expect(checkCatalogue(catalogue)).toEqual([]);
  });

  it('has a field for every column but key, outcome, weekday and hour', () => {
    const kinds = homeCredit.tables.application_train.map(({ kind }) => kind);
    expect(kinds).toHaveLength(124);
    expect(catalogue.fields).toHaveLength(124 - 4);
    expect(catalogue.fields.filter(({ isContact }) => isContact).map(({ name }) => name)).toEqual(['firstName', 'lastName']);
  });

  it('asks only for what a loan request cannot be without', () => {
    expect(catalogue.fields.filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual([
      'contractType',
      'creditAmount',
      'incomeAmount',
      'birthDate',
    ]);
  });

  it('codes every field that may be assessed', () => {
    const read = new Set(catalogue.features.flatMap(({ derivedFrom }) => derivedFrom));
    expect(catalogue.fields.filter(({ name, isContact }) => !isContact && !read.has(name))).toEqual([]);
  });

  it('gives every feature and field a label of its own in each language', () => {
    for (const definitions of [catalogue.fields, catalogue.features]) {
      for (const language of ['fr', 'en'] as const) {
        const labels = definitions.map(({ label }) => label[language]);
        expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
      }
    }
  });

  it('writes whole sentences', () => {
    for (const { sentences } of catalogue.features) {
      for (const text of Object.values(sentences).flatMap(({ fr, en }) => [fr, en])) expect(text).toMatch(/^[\p{Lu}“«].*\.$/u);
    }
  });

  it('protects what derives from sex, age and family, and only that', () => {
    expect(
      catalogue.features
        .filter(({ isProtected }) => isProtected)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      'accompaniedBy',
      'ageYears',
      'childrenCount',
      'employmentShareOfLife',
      'familyMembersCount',
      'familyStatus',
      'incomePerFamilyMemberAmount',
      'sex',
    ]);
  });

  it('reads as the contract says', () => {
    const view = toCatalogueView(catalogue);
    expect(catalogueViewSchema.parse(view)).toEqual(view);
    const labelsOf = (name: string) => view.features.find((feature) => feature.name === name)?.valueLabels;
    expect(labelsOf('submissionWeekday')?.[6]).toEqual({ fr: 'dimanche', en: 'Sunday' });
    expect(labelsOf('isRetiredOrUnemployed')?.[1]).toEqual({ fr: 'oui', en: 'yes' });
    expect(labelsOf('creditAmount')).toBeNull();
    expect(view.features.filter(({ isProtected, isModelInput }) => isProtected === isModelInput)).toEqual([]);
  });
});
