import { say } from '../catalogue/index.ts';
import type { AboutData } from '../lender/index.ts';

/** Sources: the data set's page at UCI (Hofmann, 1994, CC BY 4.0); Grömping, South German Credit Data: Correcting a Widely Used Data Set (2019). */
export const germanCreditAboutData: AboutData = {
  statements: [
    {
      heading: 'motivation',
      statements: [
        say(
          'Statlog (German Credit Data), H. Hofmann, UCI Machine Learning Repository, 1994, licence CC BY 4.0 : un jeu d’école pour comparer des classements.',
          'Statlog (German Credit Data), H. Hofmann, UCI Machine Learning Repository, 1994, licence CC BY 4.0: a school data set for comparing classifiers.',
        ),
      ],
    },
    {
      heading: 'composition',
      statements: [
        say(
          '1 000 crédits accordés par une banque du sud de l’Allemagne, 20 attributs, 300 mauvais : les mauvais y sont bien plus nombreux que dans le portefeuille d’alors.',
          '1,000 loans granted by a bank in the south of Germany, 20 attributes, 300 bad ones: far more than the portfolio of the time held.',
        ),
      ],
    },
    {
      heading: 'limits',
      statements: [
        say(
          'Les crédits datent de 1973 à 1975, les montants sont en marks, plusieurs codes de la version publiée sont faux (Grömping, 2019).',
          'The loans are of 1973 to 1975, the amounts in marks, and several codes of the published version are wrong (Grömping, 2019).',
        ),
        say(
          'Le taux de défaut est celui de l’échantillon : une probabilité apprise ici ne vaut pour aucun portefeuille sans nouvelle calibration.',
          'The default rate is that of the sample: a probability learnt here holds for no portfolio without a new calibration.',
        ),
        say('Mille dossiers : tout intervalle est large.', 'A thousand files: every interval is wide.'),
      ],
    },
  ],
  plausibleRocAuc: null,
};
