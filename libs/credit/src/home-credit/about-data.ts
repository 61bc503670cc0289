import { say } from '../catalogue/index.ts';
import type { AboutData } from '../lender/index.ts';

/** Source: the competition's page and HomeCredit_columns_description.csv; what is ours is said to be. */
export const homeCreditAboutData: AboutData = {
  statements: [
    {
      heading: 'motivation',
      statements: [
        say(
          'Publié en 2018 par Home Credit, prêteur à des personnes sans historique de crédit ou presque, pour un concours : prévoir quels clients auront des difficultés à rembourser.',
          'Published in 2018 by Home Credit, a lender to people with little or no credit history, for a competition: to predict which clients will have difficulties to repay.',
        ),
      ],
    },
    {
      heading: 'composition',
      statements: [
        say(
          'Une ligne par demande de crédit accordée. L’issue : « difficultés de paiement », c’est-à-dire plus de X jours de retard sur l’une des Y premières échéances ; la source ne dit ni X ni Y. Ce n’est donc pas une perte, et le montant perdu n’est pas connu.',
          'One row for each loan granted. The outcome: “payment difficulties”, that is, more than X days late on one of the first Y instalments; the source gives neither X nor Y. It is no loss, then, and the amount lost is not known.',
        ),
        say(
          'Autour de la demande : crédits déclarés au fichier par d’autres prêteurs, demandes antérieures, soldes mensuels, échéances et paiements, cartes de crédit.',
          'Around the application: credits that other lenders reported to the bureau, earlier applications, monthly balances, instalments and payments, credit cards.',
        ),
      ],
    },
    {
      heading: 'collection',
      statements: [
        say(
          'Formulaire de demande, registres du prêteur, fichier de crédit ; trois scores externes dont la source, le contenu et les auteurs ne sont pas connus.',
          'Application form, the lender’s own records, a credit bureau; three external scores of which source, content and authors are unknown.',
        ),
      ],
    },
    {
      heading: 'preprocessing',
      statements: [
        say(
          'Par la source : dates remplacées par un nombre de jours avant la demande, mesures de l’immeuble normalisées, identifiants remplacés.',
          'By the source: dates replaced by a number of days before the application, measures of the building normalised, identifiers replaced.',
        ),
        say(
          'Par la maison : chaque demande est placée dans la semaine du 5 janvier 2026, d’après son jour et son heure ; les marqueurs d’absence (365243, XNA) deviennent des valeurs manquantes ; la monnaie, que la source ne nomme pas, est prise pour l’euro.',
          'By the house: each application is placed in the week of 5 January 2026, by its weekday and hour; markers of absence (365243, XNA) become missing values; the currency, which the source does not name, is taken to be the euro.',
        ),
      ],
    },
    {
      heading: 'uses',
      statements: [
        say(
          'Apprendre et éprouver un modèle d’octroi. Avant tout usage sur les clients d’un prêteur, le modèle doit être appris et jugé à nouveau sur ses propres dossiers.',
          'To learn and test a model for granting loans. Before any use on a lender’s clients the model must be learnt and judged again on that lender’s own files.',
        ),
      ],
    },
    {
      heading: 'distribution',
      statements: [
        say(
          'Le droit de rediffuser ces données n’est pas établi : aucune ligne n’en est reproduite ici, où tout est agrégat.',
          'The right to redistribute these data is not established: no row of them is shown here, where all is aggregate.',
        ),
      ],
    },
    {
      heading: 'limits',
      statements: [
        say(
          'Ni pays, ni monnaie, ni période ne sont connus ; les conditions de crédit peuvent avoir changé depuis.',
          'Country, currency and period are unknown; conditions of lending may have changed since.',
        ),
        say(
          'Taux et durée, déduits des montants, portent déjà le jugement du prêteur d’alors : il a fixé le prix selon le risque. Sous une autre tarification, le modèle doit être appris à nouveau.',
          'Rate and term, told from the amounts, already carry the judgement of the lender of the time, who priced by risk. Under another pricing the model must be learnt again.',
        ),
        say(
          'Les scores externes pèsent le plus et nul ne sait de quoi ils sont faits : ils peuvent porter la trace d’attributs protégés.',
          'The external scores weigh most and nobody knows what they are made of: they may carry traces of protected attributes.',
        ),
      ],
    },
  ],
  // The best single model published on all tables reaches 0.804.
  plausibleRocAuc: 0.82,
};
