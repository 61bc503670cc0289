import type { Unit } from '@lisible/contracts';
import { booleanField, categoryField, numberField, withoutFeature, type HomeCreditField } from '../declare-field.ts';

const measures: readonly (readonly [name: string, column: string, fr: string, en: string, unit: Unit])[] = [
  ['Apartments', 'APARTMENTS', 'Taille des appartements', 'Size of the flats', 'square-metres-normalised'],
  ['BasementArea', 'BASEMENTAREA', 'Surface du sous-sol', 'Basement area', 'square-metres-normalised'],
  ['InUseSince', 'YEARS_BEGINEXPLUATATION', 'Année de mise en service', 'Year put into use', 'none'],
  ['BuiltIn', 'YEARS_BUILD', 'Année de construction', 'Year of construction', 'none'],
  ['CommonArea', 'COMMONAREA', 'Surface des parties communes', 'Common area', 'square-metres-normalised'],
  ['Elevators', 'ELEVATORS', 'Nombre d’ascenseurs', 'Number of lifts', 'none'],
  ['Entrances', 'ENTRANCES', 'Nombre d’entrées', 'Number of entrances', 'none'],
  ['FloorsMax', 'FLOORSMAX', 'Nombre maximal d’étages', 'Greatest number of floors', 'none'],
  ['FloorsMin', 'FLOORSMIN', 'Nombre minimal d’étages', 'Least number of floors', 'none'],
  ['LandArea', 'LANDAREA', 'Surface du terrain', 'Land area', 'square-metres-normalised'],
  ['LivingApartments', 'LIVINGAPARTMENTS', 'Appartements habités', 'Flats lived in', 'square-metres-normalised'],
  ['LivingArea', 'LIVINGAREA', 'Surface habitable', 'Living area', 'square-metres-normalised'],
  ['NonLivingApartments', 'NONLIVINGAPARTMENTS', 'Appartements non habités', 'Flats not lived in', 'square-metres-normalised'],
  ['NonLivingArea', 'NONLIVINGAREA', 'Surface non habitable', 'Non-living area', 'square-metres-normalised'],
];

const statistics = [
  ['Average', 'AVG', 'moyenne', 'average'],
  ['Mode', 'MODE', 'valeur la plus fréquente', 'most frequent value'],
  ['Median', 'MEDI', 'médiane', 'median'],
] as const;

const normalised = (fr: string, en: string): readonly [string, string] => [
  `${fr} de l’immeuble où vit le client, sur une échelle de 0 à 1.`,
  `${en} of the building where the client lives, on a scale from 0 to 1.`,
];

/** Neither metres nor years: the source gives indices, which the label must not hide. */
const indexLabel = (fr: string, en: string): readonly [string, string] => [`Indice de l’immeuble (${fr})`, `Building index (${en})`];

const measured: readonly HomeCreditField[] = [
  ...statistics.flatMap(([statistic, suffix, statisticFr, statisticEn]) =>
    measures.map(([name, column, fr, en, unit]) =>
      numberField({
        name: `dwelling${name}${statistic}`,
        column: `${column}_${suffix}`,
        label: indexLabel(`${fr.charAt(0).toLowerCase()}${fr.slice(1)}, ${statisticFr}`, `${en.toLowerCase()}, ${statisticEn}`),
        definition: normalised(`${fr} (${statisticFr})`, `${en} (${statisticEn})`),
        theme: 'housing',
        reasonCode: 'DWELLING',
        unit,
        min: 0,
        max: 1,
        decimals: 3,
      }),
    ),
  ),
  numberField({
    name: 'dwellingTotalArea',
    column: 'TOTALAREA_MODE',
    label: indexLabel('surface totale', 'total area'),
    definition: normalised('Surface totale', 'Total area'),
    theme: 'housing',
    reasonCode: 'DWELLING',
    unit: 'square-metres-normalised',
    min: 0,
    max: 1,
    decimals: 3,
  }),
  categoryField({
    name: 'dwellingRepairFund',
    column: 'FONDKAPREMONT_MODE',
    label: ['Fonds de rénovation de l’immeuble', 'Repair fund of the building'],
    definition: ['Compte sur lequel l’immeuble épargne pour ses gros travaux.', 'The account on which the building saves for major repairs.'],
    theme: 'housing',
    reasonCode: 'DWELLING',
    categories: [
      ['not specified', 'not-specified', 'Non précisé', 'Not specified'],
      ['reg oper account', 'regional-account', 'Compte de l’opérateur régional', 'Regional operator’s account'],
      ['reg oper spec account', 'regional-special-account', 'Compte spécial de l’opérateur régional', 'Regional operator’s special account'],
      ['org spec account', 'own-special-account', 'Compte spécial de l’immeuble', 'The building’s special account'],
    ],
  }),
  categoryField({
    name: 'dwellingKind',
    column: 'HOUSETYPE_MODE',
    label: ['Genre d’habitation', 'Kind of dwelling'],
    definition: ['Genre d’habitation où vit le client.', 'The kind of dwelling that the client lives in.'],
    theme: 'housing',
    reasonCode: 'DWELLING',
    categories: [
      ['block of flats', 'block-of-flats', 'Immeuble collectif', 'Block of flats'],
      ['terraced house', 'terraced-house', 'Maison mitoyenne', 'Terraced house'],
      ['specific housing', 'specific-housing', 'Habitation particulière', 'Specific housing'],
    ],
  }),
  categoryField({
    name: 'dwellingWallsMaterial',
    column: 'WALLSMATERIAL_MODE',
    label: ['Matériau des murs', 'Material of the walls'],
    definition: ['Matériau des murs de l’immeuble où vit le client.', 'What the walls of the client’s building are made of.'],
    theme: 'housing',
    reasonCode: 'DWELLING',
    categories: [
      ['Wooden', 'wood', 'Bois', 'Wood'],
      ['Others', 'other', 'Autre', 'Other'],
      ['Mixed', 'mixed', 'Mixte', 'Mixed'],
      ['Block', 'block', 'Parpaing', 'Block'],
      ['Stone, brick', 'stone-or-brick', 'Pierre ou brique', 'Stone or brick'],
      ['Panel', 'panel', 'Panneaux', 'Panel'],
      ['Monolithic', 'monolithic', 'Béton monolithique', 'Monolithic concrete'],
    ],
  }),
  booleanField({
    name: 'isDwellingUnsafe',
    column: 'EMERGENCYSTATE_MODE',
    conversion: 'yes-no',
    label: ['Immeuble en mauvais état', 'Building in a state of emergency'],
    definition: ['L’immeuble où vit le client est déclaré en état d’urgence.', 'The client’s building is declared in a state of emergency.'],
    theme: 'housing',
    reasonCode: 'DWELLING',
  }),
];

/**
 * The building where the client lives, as the source normalises it. Half of the clients have no such data, and for the others it tells
 * the model nothing that their region and income do not; how much of it is missing is a feature.
 */
export const dwellingFields: readonly HomeCreditField[] = measured.map(withoutFeature);
