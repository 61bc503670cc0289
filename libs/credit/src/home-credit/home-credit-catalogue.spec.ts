import { checkCatalogue, toCatalogueView } from '../catalogue/index.ts';
import { catalogueViewSchema } from '@lisible/contracts';
import { tablesBehind } from '../features/index.ts';
import { homeCreditCatalogue as catalogue, homeCredit } from './index.ts';

describe('the Home Credit catalogue', () => {
  it('contradicts itself nowhere', () => {
    expect(checkCatalogue(catalogue)).toEqual([]);
  });

  it('has a field for every column but key, outcome, weekday, hour, branch and date', () => {
    const kinds = homeCredit.tables.application_train.map(({ kind }) => kind);
    expect(kinds).toHaveLength(130);
    expect(catalogue.fields).toHaveLength(130 - 6);
    expect(catalogue.fields.filter(({ isContact }) => isContact).map(({ name }) => name)).toEqual([
      'firstName',
      'lastName',
      'streetAddress',
      'city',
      'postalCode',
    ]);
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
    expect(catalogue.fields.filter(({ name, isContact, purpose }) => !isContact && purpose !== 'policy-rule' && !read.has(name))).toEqual([]);
  });

  it('shows the model nothing that is for rules only', () => {
    expect(catalogue.fields.filter(({ purpose }) => purpose === 'policy-rule').map(({ name }) => name)).toEqual(['isInPaymentIncidentRegister']);
    const read = new Set(catalogue.features.flatMap(({ derivedFrom }) => derivedFrom));
    expect(read.has('isInPaymentIncidentRegister')).toBe(false);
    const leaking = catalogue.features.map((feature) =>
      feature.name === 'creditAmount' ? { ...feature, derivedFrom: ['isInPaymentIncidentRegister'] } : feature,
    );
    expect(checkCatalogue({ ...catalogue, features: leaking })).toContain('Feature creditAmount reads a field that only rules may read');
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

  const sentencesOf = (name: string) => {
    const feature = catalogue.features.find((candidate) => candidate.name === name);
    if (feature === undefined) throw new Error(`no feature ${name}`);
    return feature.sentences;
  };

  it('says of a normalised measure of the building that it is an index, and on what scale', () => {
    const measures = catalogue.fields.filter(({ name, type }) => name.startsWith('dwelling') && type === 'number');
    expect(measures).toHaveLength(43);
    for (const { label, definition } of measures) {
      expect(label.fr).toMatch(/indice/iu);
      expect(label.en).toMatch(/index/iu);
      expect(definition.fr).toContain('sur une échelle de 0 à 1');
      expect(definition.en).toContain('on a scale from 0 to 1');
    }
  });

  it('never speaks of a contribution by the client where the credit exceeds the price', () => {
    const { higher, lower } = sentencesOf('creditToGoodsPrice');
    expect([higher, lower].flatMap(({ fr, en }) => [fr, en]).join(' ')).not.toMatch(/apport|puts in/u);
  });

  it('says which way a rating goes, in words of its own', () => {
    for (const name of ['regionRating', 'regionAndCityRating']) {
      expect(sentencesOf(name).higher.fr).toContain('moins bonne');
      expect(sentencesOf(name).lower.en).toContain('better');
    }
  });

  it('names no quotient by its two terms alone', () => {
    for (const { name, label } of catalogue.features) {
      if (!/To[A-Z]/u.test(name)) continue;
      for (const { fr } of [sentencesOf(name).higher, sentencesOf(name).lower]) expect(`${name}: ${fr}`).not.toContain(`: ${label.fr}`);
    }
  });

  it('tells a feature that does not apply apart from one that is missing', () => {
    const ofApplication = catalogue.features.filter((feature) => tablesBehind(catalogue, feature).size === 0);
    const withSentence = ofApplication.filter(({ notApplicable }) => notApplicable !== undefined).map(({ name }) => name);
    expect(withSentence.toSorted()).toEqual([
      'carAgeYears',
      'employerType',
      'employmentYears',
      'impliedAnnualRate',
      'impliedTermMonths',
      'occupation',
      'repaidToGoodsPrice',
      'socialCircleDefaultRate30Days',
      'socialCircleDefaultRate60Days',
    ]);
  });

  it('gives a date no direction of its own: the length since then has it', () => {
    expect(catalogue.fields.filter(({ type, monotoneDirection }) => type === 'date' && monotoneDirection !== null)).toEqual([]);
    expect(catalogue.features.find(({ name }) => name === 'employmentYears')?.monotoneDirection).toBe('decreases-risk');
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
    expect(labelsOf('educationLevel')?.[3]).toEqual({ fr: 'Études supérieures', en: 'Higher education' });
    expect(labelsOf('isRetiredOrUnemployed')?.[1]).toEqual({ fr: 'oui', en: 'yes' });
    expect(labelsOf('creditAmount')).toBeNull();
    expect(view.features.filter(({ isProtected, isModelInput }) => isProtected === isModelInput)).toEqual([]);
  });
});
