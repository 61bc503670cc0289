import { say, type NotApplicable } from '../catalogue/index.ts';

export { categorySentences, comparisonSentences, indexSentences, quotientSentences, sentences, subjectSentences } from '../catalogue/index.ts';

export const withoutCar: NotApplicable = {
  feature: 'ownsCar',
  value: 0,
  statement: say('Le client ne possède pas de voiture.', 'The client does not own a car.'),
};

export const withoutJob: NotApplicable = {
  feature: 'isRetiredOrUnemployed',
  value: 1,
  statement: say(
    'Le client n’a pas d’emploi en cours : il est retraité, pensionné ou sans emploi.',
    'The client has no current job: retired, on a pension or unemployed.',
  ),
};
