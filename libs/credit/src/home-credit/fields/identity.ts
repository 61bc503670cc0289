import { protectedGrounds, say } from '../../catalogue/index.ts';
import { booleanField, categoryField, contactField, dateField, numberField, withoutFeature, type HomeCreditField } from '../declare-field.ts';
import { sentences } from '../sentences.ts';

const companyProtected = say(
  'La personne qui accompagne le client (conjoint, enfants) révèle sa situation de famille.',
  'Whoever comes with the client (partner, children) reveals the family status.',
);

/** Who the client is. Protected: sex, age, family status, and what tells the same thing in other words. */
export const identityFields: readonly HomeCreditField[] = [
  contactField({
    name: 'firstName',
    column: 'FIRST_NAME',
    label: ['Prénom', 'First name'],
    definition: ['Prénom du client.', 'The client’s first name.'],
  }),
  contactField({
    name: 'lastName',
    column: 'LAST_NAME',
    label: ['Nom', 'Last name'],
    definition: ['Nom de famille du client.', 'The client’s last name.'],
  }),
  contactField({
    name: 'streetAddress',
    column: 'ADDRESS',
    label: ['Adresse', 'Address'],
    definition: ['Numéro et voie du domicile du client.', 'House number and street of the client’s home.'],
  }),
  contactField({
    name: 'city',
    column: 'CITY',
    label: ['Ville', 'City'],
    definition: ['Ville du domicile du client.', 'City of the client’s home.'],
  }),
  contactField({
    name: 'postalCode',
    column: 'POSTAL_CODE',
    label: ['Code postal', 'Postal code'],
    definition: ['Code postal du domicile du client.', 'Postal code of the client’s home.'],
  }),
  dateField({
    name: 'birthDate',
    column: 'DAYS_BIRTH',
    label: ['Date de naissance', 'Date of birth'],
    definition: ['Date de naissance du client.', 'The client’s date of birth.'],
    theme: 'identity',
    reasonCode: 'AGE',
    isRequired: true,
    protection: protectedGrounds.age,
    length: {
      name: 'ageYears',
      label: ['Âge', 'Age'],
      definition: ['Âge du client au jour de la demande.', 'The client’s age on the day of the application.'],
    },
  }),
  categoryField({
    name: 'sex',
    column: 'CODE_GENDER',
    label: ['Sexe', 'Sex'],
    definition: ['Sexe déclaré par le client.', 'Sex declared by the client.'],
    theme: 'identity',
    reasonCode: 'SEX',
    protection: protectedGrounds.sex,
    categories: [
      ['F', 'female', 'Femme', 'Female'],
      ['M', 'male', 'Homme', 'Male'],
    ],
  }),
  categoryField({
    name: 'familyStatus',
    column: 'NAME_FAMILY_STATUS',
    label: ['Situation de famille', 'Family status'],
    definition: ['Situation de famille déclarée par le client.', 'Family status declared by the client.'],
    theme: 'identity',
    reasonCode: 'FAMILY',
    protection: protectedGrounds.family,
    categories: [
      ['Single / not married', 'single', 'Célibataire', 'Single'],
      ['Civil marriage', 'civil-union', 'Union civile', 'Civil union'],
      ['Married', 'married', 'Marié ou mariée', 'Married'],
      ['Separated', 'separated', 'Séparé ou séparée', 'Separated'],
      ['Widow', 'widowed', 'Veuf ou veuve', 'Widowed'],
    ],
  }),
  numberField({
    name: 'childrenCount',
    column: 'CNT_CHILDREN',
    label: ['Nombre d’enfants', 'Number of children'],
    definition: ['Nombre d’enfants du client.', 'How many children the client has.'],
    theme: 'identity',
    reasonCode: 'FAMILY',
    unit: 'count',
    min: 0,
    max: 50,
    isWhole: true,
    protection: protectedGrounds.family,
  }),
  numberField({
    name: 'familyMembersCount',
    column: 'CNT_FAM_MEMBERS',
    label: ['Personnes au foyer', 'People in the household'],
    definition: ['Nombre de personnes du foyer, client compris.', 'How many people live in the household, client included.'],
    theme: 'identity',
    reasonCode: 'FAMILY',
    unit: 'count',
    min: 1,
    max: 50,
    isWhole: true,
    protection: protectedGrounds.family,
  }),
  categoryField({
    name: 'accompaniedBy',
    column: 'NAME_TYPE_SUITE',
    label: ['Accompagnement lors de la demande', 'Company at the application'],
    definition: ['Personne qui accompagnait le client lors de la demande.', 'Who came with the client to apply.'],
    theme: 'identity',
    reasonCode: 'FAMILY',
    protection: companyProtected,
    categories: [
      ['Unaccompanied', 'unaccompanied', 'Personne', 'Nobody'],
      ['Family', 'family', 'Famille', 'Family'],
      ['Spouse, partner', 'partner', 'Conjoint ou partenaire', 'Spouse or partner'],
      ['Children', 'children', 'Enfants', 'Children'],
      ['Group of people', 'group', 'Groupe de personnes', 'Group of people'],
      ['Other_A', 'other-a', 'Autre personne (A)', 'Somebody else (A)'],
      ['Other_B', 'other-b', 'Autre personne (B)', 'Somebody else (B)'],
    ],
  }),
  categoryField({
    name: 'educationLevel',
    column: 'NAME_EDUCATION_TYPE',
    label: ['Niveau d’études', 'Education level'],
    definition: ['Plus haut niveau d’études atteint par le client.', 'The highest level of education that the client achieved.'],
    theme: 'identity',
    reasonCode: 'EDUCATION',
    isImportant: true,
    categories: [
      ['Lower secondary', 'lower-secondary', 'Collège', 'Lower secondary'],
      ['Secondary / secondary special', 'secondary', 'Lycée ou formation professionnelle', 'Secondary or vocational'],
      ['Incomplete higher', 'incomplete-higher', 'Études supérieures inachevées', 'Unfinished higher education'],
      ['Higher education', 'higher', 'Études supérieures', 'Higher education'],
      ['Academic degree', 'academic-degree', 'Grade universitaire', 'Academic degree'],
    ],
    sentences: sentences(['Niveau d’études', 'Education level'], {
      higher: [
        'Le niveau d’études (« {value} ») est plus élevé que le plus courant chez les clients acceptés près du seuil (« {typical} »).',
        'The education level (“{value}”) is higher than the most common among clients approved near the threshold (“{typical}”).',
      ],
      lower: [
        'Le niveau d’études (« {value} ») est moins élevé que le plus courant chez les clients acceptés près du seuil (« {typical} »).',
        'The education level (“{value}”) is lower than the most common among clients approved near the threshold (“{typical}”).',
      ],
      same: [
        'Le niveau d’études (« {value} ») est courant ; il pèse ici avec le reste du dossier.',
        'The education level (“{value}”) is a common one; it weighs here together with the rest of the file.',
      ],
    }),
  }),
  dateField({
    name: 'registeredSince',
    column: 'DAYS_REGISTRATION',
    label: ['Inscription administrative depuis', 'Registered since'],
    definition: ['Date du dernier changement d’inscription administrative du client.', 'When the client last changed the civil registration.'],
    theme: 'identity',
    reasonCode: 'REGISTRATION_AGE',
    notBefore: 'birthDate',
    length: {
      name: 'registrationYears',
      label: ['Ancienneté de l’inscription administrative', 'Age of the civil registration'],
      definition: ['Temps écoulé depuis le dernier changement d’inscription administrative.', 'Time since the civil registration last changed.'],
    },
    sentences: sentences(['Ancienneté de l’inscription administrative', 'Age of the civil registration'], {
      higher: [
        'L’inscription administrative n’a pas changé depuis {value}, plus longtemps que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The civil registration has not changed for {value}, longer than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'L’inscription administrative a changé il y a {value}, plus récemment que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The civil registration changed {value} ago, more recently than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['L’inscription administrative date de {value}, une durée habituelle.', 'The civil registration dates from {value} ago, a usual length.'],
    }),
  }),
  dateField({
    name: 'identityDocumentIssuedOn',
    column: 'DAYS_ID_PUBLISH',
    label: ['Date de la pièce d’identité', 'Identity document issued on'],
    definition: ['Date de délivrance de la pièce d’identité présentée.', 'When the identity document shown was issued.'],
    theme: 'identity',
    reasonCode: 'IDENTITY_DOCUMENT_AGE',
    notBefore: 'birthDate',
    length: {
      name: 'identityDocumentYears',
      label: ['Ancienneté de la pièce d’identité', 'Age of the identity document'],
      definition: ['Temps écoulé depuis la délivrance de la pièce d’identité.', 'Time since the identity document was issued.'],
    },
    sentences: sentences(['Ancienneté de la pièce d’identité', 'Age of the identity document'], {
      higher: [
        'La pièce d’identité a été délivrée il y a {value}, plus longtemps que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The identity document was issued {value} ago, longer than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'La pièce d’identité a été délivrée il y a {value}, plus récemment que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The identity document was issued {value} ago, more recently than is usual among clients approved near the threshold ({typical}).',
      ],
      same: [
        'La pièce d’identité a été délivrée il y a {value}, une durée habituelle.',
        'The identity document was issued {value} ago, a usual length.',
      ],
    }),
  }),
  dateField({
    name: 'phoneChangedOn',
    column: 'DAYS_LAST_PHONE_CHANGE',
    label: ['Dernier changement de téléphone', 'Last change of phone'],
    definition: ['Date du dernier changement de téléphone du client.', 'When the client last changed phone.'],
    theme: 'identity',
    reasonCode: 'PHONE_CHANGE',
    length: {
      name: 'phoneYears',
      label: ['Temps depuis le changement de téléphone', 'Time since the change of phone'],
      definition: ['Temps écoulé depuis le dernier changement de téléphone.', 'Time since the phone last changed.'],
    },
    sentences: sentences(['Temps depuis le changement de téléphone', 'Time since the change of phone'], {
      higher: [
        'Le téléphone n’a pas changé depuis {value}, plus longtemps que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The phone has not changed for {value}, longer than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Le téléphone a changé il y a {value}, plus récemment que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The phone changed {value} ago, more recently than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['Le téléphone a changé il y a {value}, une durée habituelle.', 'The phone changed {value} ago, a usual length.'],
    }),
  }),
  ...(
    [
      [
        'hasMobilePhone',
        'FLAG_MOBIL',
        'Téléphone mobile communiqué',
        'Mobile phone given',
        'Le client a communiqué un téléphone mobile.',
        'The client gave a mobile phone.',
      ],
      [
        'hasEmployerPhone',
        'FLAG_EMP_PHONE',
        'Téléphone de l’employeur communiqué',
        'Employer’s phone given',
        'Le client a communiqué le téléphone de son employeur.',
        'The client gave the employer’s phone.',
      ],
      [
        'hasWorkPhone',
        'FLAG_WORK_PHONE',
        'Second téléphone communiqué',
        'Second phone given',
        'Le client a communiqué un second téléphone, professionnel ou du domicile.',
        'The client gave a second phone, of work or home.',
      ],
      [
        'isMobileReachable',
        'FLAG_CONT_MOBILE',
        'Téléphone mobile joignable',
        'Mobile phone reachable',
        'Le téléphone mobile du client répondait.',
        'The client’s mobile phone could be reached.',
      ],
      [
        'hasHomePhone',
        'FLAG_PHONE',
        'Téléphone du domicile communiqué',
        'Home phone given',
        'Le client a communiqué le téléphone de son domicile.',
        'The client gave a home phone.',
      ],
      [
        'hasEmail',
        'FLAG_EMAIL',
        'Adresse électronique communiquée',
        'E-mail address given',
        'Le client a communiqué une adresse électronique.',
        'The client gave an e-mail address.',
      ],
    ] as const
  ).map(([name, column, fr, en, definitionFr, definitionEn]) => {
    const declared = booleanField({
      name,
      column,
      label: [fr, en],
      definition: [definitionFr, definitionEn],
      theme: 'identity',
      reasonCode: 'CONTACT_DETAILS',
      isActionable: true,
    });
    // How many means of contact were given is a feature; which ones is not.
    return name === 'isMobileReachable' ? declared : withoutFeature(declared);
  }),
];
