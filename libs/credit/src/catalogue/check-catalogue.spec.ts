import { homeCreditCatalogue as sound, homeCreditLender } from '../home-credit/index.ts';
import { checkCatalogue, type Catalogue, type FeatureDefinition, type FieldDefinition, type HistoryFieldDefinition } from './index.ts';

const withField = (name: string, change: Partial<FieldDefinition>): Catalogue => ({
  ...sound,
  fields: sound.fields.map((field) => (field.name === name ? { ...field, ...change } : field)),
});
const withFeature = (name: string, change: Partial<FeatureDefinition>): Catalogue => ({
  ...sound,
  features: sound.features.map((feature) => (feature.name === name ? { ...feature, ...change } : feature)),
});
const withHistoryField = (name: string, change: Partial<HistoryFieldDefinition>): Catalogue => ({
  ...sound,
  historyFields: sound.historyFields.map((field) => (field.name === name ? { ...field, ...change } : field)),
});
const history = homeCreditLender.source.history!;
const sentencesOf = (name: string): FeatureDefinition['sentences'] => sound.features.find((feature) => feature.name === name)!.sentences;

describe('checkCatalogue', () => {
  it('finds nothing in a sound catalogue', () => {
    expect(checkCatalogue(sound)).toEqual([]);
  });

  it.each<[string, Catalogue, string]>([
    [
      'a feature of a protected field that is not protected',
      withFeature('ageYears', { isProtected: false }),
      'Feature ageYears is derived from a protected field and not protected',
    ],
    [
      'a protected feature without a reason',
      withFeature('creditAmount', { isProtected: true }),
      'Feature creditAmount is protected without a protected field behind it',
    ],
    [
      'a feature of an unknown field',
      withFeature('creditAmount', { derivedFrom: ['amount'] }),
      'Feature creditAmount is derived from amount, which is no field',
    ],
    ['a feature of contact data', withFeature('creditAmount', { derivedFrom: ['lastName'] }), 'Feature creditAmount reads contact data'],
    [
      'a feature that does not apply because of none',
      withFeature('creditAmount', { notApplicable: [{ feature: 'weather', value: 0, statement: { fr: 'Il pleut.', en: 'It rains.' } }] }),
      'Feature creditAmount does not apply because of weather, which is no other feature',
    ],
    ['an unknown reason code', withFeature('creditAmount', { reasonCode: 'WEATHER' }), 'Feature creditAmount has an unknown reason code WEATHER'],
    ['a text missing in a language', withField('creditAmount', { label: { fr: '', en: 'Credit' } }), 'Field creditAmount: label has no text in fr'],
    [
      'a raw column name',
      withField('creditAmount', { label: { fr: 'AMT_CREDIT', en: 'Credit' } }),
      'Field creditAmount: label shows a raw column name in fr',
    ],
    [
      'a sentence without its value',
      withFeature('creditAmount', {
        sentences: { ...sentencesOf('creditAmount'), higher: { fr: 'Plus que {typical}.', en: '{value}, more than {typical}.' } },
      }),
      'Feature creditAmount: sentence higher has the wrong placeholders in fr',
    ],
    [
      'an unknown placeholder',
      withFeature('creditAmount', { sentences: { ...sentencesOf('creditAmount'), missing: { fr: 'Absent ({mean}).', en: 'Missing.' } } }),
      'Feature creditAmount: sentence missing has the wrong placeholders in fr',
    ],
    [
      'a protected field that assesses credit',
      withField('sex', { purpose: 'credit-assessment' }),
      'Field sex is protected and used to assess credit',
    ],
    ['an empty range', withField('creditAmount', { range: { min: 2, max: 1 } }), 'Field creditAmount has an empty range'],
    ['a name twice', { ...sound, fields: [...sound.fields, ...sound.fields.slice(0, 1)] }, 'Two fields are named contractType'],
    [
      'a category coded as nothing',
      withField('contractType', { categories: [{ value: 'a', label: { fr: 'a', en: 'a' }, codedAs: 'b' }] }),
      'Field contractType codes a as a category that it does not have',
    ],
    [
      'a date compared with an amount',
      withField('employedSince', { notBefore: 'creditAmount' }),
      'Field employedSince is compared with something that is no date',
    ],
    [
      'a displayed name made of something else',
      { ...sound, displayNameFields: ['creditAmount'] },
      'The displayed name is made of creditAmount, which is no contact field',
    ],
    [
      'a policy input of contact data',
      {
        ...sound,
        policyInputs: [{ name: 'x', label: { fr: 'x', en: 'x' }, type: 'number', derivedFrom: ['lastName'], compute: (value) => value ?? 0 }],
      },
      'Policy input x is derived from lastName, which is no field that it may read',
    ],
  ])('finds %s', (_, catalogue, expected) => {
    expect(checkCatalogue(catalogue)).toContain(expected);
  });

  it('finds nothing in a sound catalogue beside its history source', () => {
    expect(sound.historyFields.length).toBeGreaterThan(100);
    expect(checkCatalogue(sound, history)).toEqual([]);
  });

  it.each<[string, Catalogue, string]>([
    [
      'two of one name',
      { ...sound, historyFields: [...sound.historyFields, ...sound.historyFields.slice(0, 1)] },
      'Two history fields are named bureauCreditsCount',
    ],
    [
      'a name that a field of the application has',
      withHistoryField('bureauCreditsCount', { name: 'incomeAmount' }),
      'History field incomeAmount takes the name of a field of the application',
    ],
    ['an empty range', withHistoryField('bureauCreditsCount', { range: { min: 1, max: 0 } }), 'History field bureauCreditsCount has an empty range'],
    ['no table', withHistoryField('bureauCreditsCount', { tables: [] }), 'History field bureauCreditsCount comes from no table'],
    [
      'a table that is not there',
      withHistoryField('bureauCreditsCount', { tables: ['office'] }),
      'History field bureauCreditsCount comes from office, which is no history table',
    ],
    [
      'other tables than those of its query',
      withHistoryField('bureauCreditsCount', { tables: ['bureau', 'bureau_balance'] }),
      'History field bureauCreditsCount names other tables than its query reads',
    ],
    [
      'no feature that reads it',
      { ...sound, features: sound.features.filter(({ derivedFrom }) => !derivedFrom.includes('cardMaxUtilisation')) },
      'History field cardMaxUtilisation is read by no feature',
    ],
    ['no query', withHistoryField('cardMaxUtilisation', { name: 'cardUse' }), 'History field cardUse is not the result of one query'],
    [
      'a result that is no field',
      { ...sound, historyFields: sound.historyFields.filter(({ name }) => name !== 'cardMaxUtilisation') },
      'A query yields cardMaxUtilisation, which is no history field',
    ],
    [
      'a text missing in a language',
      withHistoryField('bureauCreditsCount', { label: { fr: 'Crédits', en: ' ' } }),
      'History field bureauCreditsCount: label has no text in en',
    ],
  ])('finds history with %s', (_, catalogue, expected) => {
    expect(checkCatalogue(catalogue, history)).toContain(expected);
  });
});
