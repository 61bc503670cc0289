import { sentences, subjectSentences, withoutCar } from '../sentences.ts';
import { booleanField, categoryField, numberField, withoutFeature, type HomeCreditField } from '../declare-field.ts';

type Pair = readonly [fr: string, en: string];

/** Ratings count from the best, so that a greater one is worse. */
const ratingSentences = (label: Pair, [fr, en]: Pair) =>
  sentences(label, {
    higher: [
      `${fr} ({value}, de 1 la meilleure à 3) est moins bonne que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${en} ({value}, from 1, the best, to 3) is worse than is usual among clients approved near the threshold ({typical}).`,
    ],
    lower: [
      `${fr} ({value}, de 1 la meilleure à 3) est meilleure que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${en} ({value}, from 1, the best, to 3) is better than is usual among clients approved near the threshold ({typical}).`,
    ],
    same: [
      `${fr} ({value}, de 1 la meilleure à 3) est habituelle chez les clients acceptés près du seuil.`,
      `${en} ({value}, from 1, the best, to 3) is usual among clients approved near the threshold.`,
    ],
  });

/** Where the client lives and what the client owns. */
export const housingFields: readonly HomeCreditField[] = [
  categoryField({
    name: 'housingType',
    column: 'NAME_HOUSING_TYPE',
    label: ['Type de logement', 'Type of housing'],
    definition: ['Situation de logement du client.', 'The client’s housing situation.'],
    theme: 'housing',
    reasonCode: 'HOUSING',
    categories: [
      ['Rented apartment', 'rented', 'Location', 'Rented'],
      ['With parents', 'with-parents', 'Chez ses parents', 'With parents'],
      ['Municipal apartment', 'municipal', 'Logement municipal', 'Municipal housing'],
      ['Co-op apartment', 'cooperative', 'Logement coopératif', 'Co-operative housing'],
      ['Office apartment', 'office', 'Logement de fonction', 'Company housing'],
      ['House / apartment', 'house-or-apartment', 'Maison ou appartement', 'House or flat'],
    ],
  }),
  booleanField({
    name: 'ownsRealEstate',
    column: 'FLAG_OWN_REALTY',
    conversion: 'yes-no',
    label: ['Propriétaire immobilier', 'Owner of real estate'],
    definition: ['Le client possède une maison ou un appartement.', 'The client owns a house or flat.'],
    theme: 'housing',
    reasonCode: 'HOUSING',
  }),
  booleanField({
    name: 'ownsCar',
    column: 'FLAG_OWN_CAR',
    conversion: 'yes-no',
    label: ['Propriétaire d’une voiture', 'Owner of a car'],
    definition: ['Le client possède une voiture.', 'The client owns a car.'],
    theme: 'housing',
    reasonCode: 'CAR',
  }),
  numberField({
    name: 'carAgeYears',
    column: 'OWN_CAR_AGE',
    label: ['Âge de la voiture', 'Age of the car'],
    definition: ['Âge de la voiture du client.', 'How old the client’s car is.'],
    theme: 'housing',
    reasonCode: 'CAR',
    unit: 'years',
    min: 0,
    max: 150,
    isWhole: true,
    notApplicable: [withoutCar],
    sentences: sentences(['Âge de la voiture', 'Age of the car'], {
      higher: [
        'La voiture du client a {value}, plus que d’habitude chez les clients acceptés près du seuil qui en ont une ({typical}).',
        'The client’s car is {value} old, older than is usual among clients approved near the threshold who have one ({typical}).',
      ],
      lower: [
        'La voiture du client a {value}, moins que d’habitude chez les clients acceptés près du seuil qui en ont une ({typical}).',
        'The client’s car is {value} old, newer than is usual among clients approved near the threshold who have one ({typical}).',
      ],
      same: [
        'La voiture du client a {value}, un âge habituel ; il pèse ici avec le reste du dossier.',
        'The client’s car is {value} old, a usual age; it weighs here together with the rest of the file.',
      ],
    }),
  }),
  numberField({
    name: 'regionPopulationShare',
    column: 'REGION_POPULATION_RELATIVE',
    label: ['Indice de population de la région', 'Population index of the region'],
    sentences: subjectSentences(
      ['Indice de population de la région', 'Population index of the region'],
      ['L’indice de population de la région de résidence', 'The population index of the region of residence'],
      { higher: ['est plus élevé', 'is higher'], lower: ['est moins élevé', 'is lower'], same: ['est habituel', 'is usual'] },
    ),
    definition: [
      'Population normalisée de la région de résidence : plus elle est élevée, plus la région est peuplée.',
      'Normalised population of the region of residence: the higher, the more populated.',
    ],
    theme: 'housing',
    reasonCode: 'REGION',
    unit: 'none',
    min: 0,
    max: 1,
    decimals: 4,
  }),
  numberField({
    name: 'regionRating',
    column: 'REGION_RATING_CLIENT',
    label: ['Note de la région', 'Rating of the region'],
    definition: [
      'Note donnée par le prêteur à la région de résidence, de 1 (la meilleure) à 3.',
      'The lender’s rating of the region of residence, from 1 (best) to 3.',
    ],
    theme: 'housing',
    reasonCode: 'REGION',
    sentences: ratingSentences(
      ['Note de la région', 'Rating of the region'],
      ['La note donnée par le prêteur à la région de résidence', 'The lender’s rating of the region of residence'],
    ),
    unit: 'none',
    min: 1,
    max: 3,
    isWhole: true,
  }),
  numberField({
    name: 'regionAndCityRating',
    column: 'REGION_RATING_CLIENT_W_CITY',
    label: ['Note de la région et de la ville', 'Rating of the region and city'],
    definition: [
      'Note donnée par le prêteur à la région de résidence, ville comprise, de 1 (la meilleure) à 3.',
      'The lender’s rating of the region of residence, city included, from 1 (best) to 3.',
    ],
    theme: 'housing',
    reasonCode: 'REGION',
    sentences: ratingSentences(
      ['Note de la région et de la ville', 'Rating of the region and city'],
      ['La note donnée par le prêteur à la région et à la ville de résidence', 'The lender’s rating of the region and city of residence'],
    ),
    unit: 'none',
    min: 1,
    max: 3,
    isWhole: true,
  }),
  ...(
    [
      [
        'isHomeOutsideRegisteredRegion',
        'REG_REGION_NOT_LIVE_REGION',
        'Domicile hors de la région d’inscription',
        'Home outside the registered region',
        'L’adresse de contact et l’adresse permanente sont dans deux régions.',
        'The contact address and the permanent address are in two regions.',
      ],
      [
        'isWorkOutsideRegisteredRegion',
        'REG_REGION_NOT_WORK_REGION',
        'Travail hors de la région d’inscription',
        'Work outside the registered region',
        'Le lieu de travail et l’adresse permanente sont dans deux régions.',
        'The place of work and the permanent address are in two regions.',
      ],
      [
        'isWorkOutsideHomeRegion',
        'LIVE_REGION_NOT_WORK_REGION',
        'Travail hors de la région du domicile',
        'Work outside the region of the home',
        'Le lieu de travail et l’adresse de contact sont dans deux régions.',
        'The place of work and the contact address are in two regions.',
      ],
      [
        'isHomeOutsideRegisteredCity',
        'REG_CITY_NOT_LIVE_CITY',
        'Domicile hors de la ville d’inscription',
        'Home outside the registered city',
        'L’adresse de contact et l’adresse permanente sont dans deux villes.',
        'The contact address and the permanent address are in two cities.',
      ],
      [
        'isWorkOutsideRegisteredCity',
        'REG_CITY_NOT_WORK_CITY',
        'Travail hors de la ville d’inscription',
        'Work outside the registered city',
        'Le lieu de travail et l’adresse permanente sont dans deux villes.',
        'The place of work and the permanent address are in two cities.',
      ],
      [
        'isWorkOutsideHomeCity',
        'LIVE_CITY_NOT_WORK_CITY',
        'Travail hors de la ville du domicile',
        'Work outside the city of the home',
        'Le lieu de travail et l’adresse de contact sont dans deux villes.',
        'The place of work and the contact address are in two cities.',
      ],
    ] as const
  ).map(([name, column, fr, en, definitionFr, definitionEn]) =>
    // How many differ is a feature; which of the six is not.
    withoutFeature(
      booleanField({ name, column, label: [fr, en], definition: [definitionFr, definitionEn], theme: 'housing', reasonCode: 'ADDRESSES' }),
    ),
  ),
];
