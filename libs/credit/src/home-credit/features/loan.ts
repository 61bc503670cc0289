import type { FeatureDraft } from '../../catalogue/index.ts';
import { sentences, subjectSentences } from '../sentences.ts';
import { difference, feature, ratio } from './feature.ts';

/** The loan against income, instalment and goods. */
export const loanFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'annuityToIncome',
    label: ['Part du revenu prise par l’échéance', 'Share of income taken by the instalment'],
    definition: [
      'Échéance du crédit rapportée au revenu déclaré, les deux pris sur la même période.',
      'The loan’s instalment over the declared income, both taken over the same period.',
    ],
    theme: 'loan-requested',
    unit: 'share',
    decimals: 1,
    from: ['annuityAmount', 'incomeAmount'],
    reasonCode: 'LOAN_BURDEN',
    monotoneDirection: 'increases-risk',
    sentences: sentences(['Part du revenu prise par l’échéance', 'Share of income taken by the instalment'], {
      higher: [
        'L’échéance prend {value} du revenu déclaré, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The instalment takes {value} of the declared income, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'L’échéance prend {value} du revenu déclaré, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The instalment takes {value} of the declared income, less than is usual among clients approved near the threshold ({typical}).',
      ],
      same: [
        'L’échéance prend {value} du revenu déclaré, une part habituelle.',
        'The instalment takes {value} of the declared income, a usual share.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'creditToIncome',
    label: ['Crédit rapporté au revenu', 'Credit over income'],
    definition: ['Montant du crédit divisé par le revenu déclaré.', 'The credit amount divided by the declared income.'],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['creditAmount', 'incomeAmount'],
    reasonCode: 'LOAN_BURDEN',
    sentences: sentences(['Crédit rapporté au revenu', 'Credit over income'], {
      higher: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, plus que d’habitude chez les clients acceptés près du seuil ({typical} fois).',
        'The credit asked for is {value} times the declared income, more than is usual among clients approved near the threshold ({typical} times).',
      ],
      lower: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, moins que d’habitude chez les clients acceptés près du seuil ({typical} fois).',
        'The credit asked for is {value} times the declared income, less than is usual among clients approved near the threshold ({typical} times).',
      ],
      same: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, comme d’habitude.',
        'The credit asked for is {value} times the declared income, as usual.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'remainingIncomeAmount',
    label: ['Revenu restant après l’échéance', 'Income left after the instalment'],
    definition: ['Revenu déclaré moins l’échéance du crédit.', 'The declared income less the loan’s instalment.'],
    theme: 'loan-requested',
    unit: 'currency',
    from: ['incomeAmount', 'annuityAmount'],
    reasonCode: 'LOAN_BURDEN',
    sentences: subjectSentences(
      ['Revenu restant après l’échéance', 'Income left after the instalment'],
      ['Le revenu qui reste après l’échéance', 'The income left after the instalment'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: difference,
  }),
  feature({
    name: 'creditToAnnuity',
    label: ['Montant du crédit en échéances', 'Credit amount in instalments'],
    definition: [
      'Montant du crédit divisé par l’échéance : le nombre d’échéances, hors intérêts.',
      'The credit amount divided by the instalment: how many instalments, interest aside.',
    ],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['creditAmount', 'annuityAmount'],
    reasonCode: 'LOAN_TERM',
    sentences: sentences(['Montant du crédit en échéances', 'Credit amount in instalments'], {
      higher: [
        'Le crédit demandé représente {value} échéances, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit asked for amounts to {value} instalments, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Le crédit demandé représente {value} échéances, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit asked for amounts to {value} instalments, fewer than is usual among clients approved near the threshold ({typical}).',
      ],
      same: [
        'Le crédit demandé représente {value} échéances, une durée habituelle.',
        'The credit asked for amounts to {value} instalments, a usual length.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'creditToGoodsPrice',
    label: ['Crédit rapporté au prix du bien', 'Credit over the price of the goods'],
    definition: [
      'Montant du crédit divisé par le prix du bien : au-dessus de 100 %, il finance aussi des frais ou une assurance.',
      'The credit amount divided by the price of the goods: above 100%, it also pays for fees or insurance.',
    ],
    theme: 'loan-requested',
    unit: 'share',
    decimals: 0,
    from: ['creditAmount', 'goodsPriceAmount'],
    reasonCode: 'FINANCED_SHARE',
    sentences: sentences(['Crédit rapporté au prix du bien', 'Credit over the price of the goods'], {
      higher: [
        'Le crédit couvre {value} du prix du bien, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit covers {value} of the price of the goods, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Le crédit couvre {value} du prix du bien, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit covers {value} of the price of the goods, less than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['Le crédit couvre {value} du prix du bien, une part habituelle.', 'The credit covers {value} of the price of the goods, a usual share.'],
    }),
    compute: ratio,
  }),
];
