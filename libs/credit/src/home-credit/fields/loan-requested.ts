import { categoryField, numberField, type HomeCreditField } from '../declare-field.ts';
import { sentences } from '../sentences.ts';

const MAX_AMOUNT = 1_000_000_000;

/** What the client asks for. */
export const loanFields: readonly HomeCreditField[] = [
  categoryField({
    name: 'contractType',
    column: 'NAME_CONTRACT_TYPE',
    label: ['Type de crédit', 'Type of loan'],
    definition: ['Crédit amortissable ou crédit renouvelable.', 'Cash loan repaid by instalments, or revolving credit.'],
    theme: 'loan-requested',
    reasonCode: 'CONTRACT_TYPE',
    isRequired: true,
    isActionable: true,
    categories: [
      ['Cash loans', 'cash-loan', 'Crédit amortissable', 'Cash loan'],
      ['Revolving loans', 'revolving-loan', 'Crédit renouvelable', 'Revolving loan'],
    ],
  }),
  numberField({
    name: 'creditAmount',
    column: 'AMT_CREDIT',
    label: ['Montant du crédit', 'Credit amount'],
    definition: ['Montant du crédit demandé.', 'The amount of credit asked for.'],
    theme: 'loan-requested',
    reasonCode: 'LOAN_AMOUNT',
    unit: 'currency',
    min: 1,
    max: MAX_AMOUNT,
    isRequired: true,
    isActionable: true,
    sentences: sentences(['Montant du crédit', 'Credit amount'], {
      higher: [
        'Le crédit demandé ({value}) est plus élevé que celui des clients acceptés près du seuil (habituellement {typical}).',
        'The credit asked for ({value}) is higher than that of clients approved near the threshold (usually {typical}).',
      ],
      lower: [
        'Le crédit demandé ({value}) est moins élevé que celui des clients acceptés près du seuil (habituellement {typical}).',
        'The credit asked for ({value}) is lower than that of clients approved near the threshold (usually {typical}).',
      ],
      same: [
        'Le crédit demandé ({value}) est au niveau habituel des clients acceptés près du seuil.',
        'The credit asked for ({value}) is at the usual level of clients approved near the threshold.',
      ],
    }),
  }),
  numberField({
    name: 'annuityAmount',
    column: 'AMT_ANNUITY',
    label: ['Échéance du crédit', 'Loan instalment'],
    definition: ['Montant de l’échéance (annuité) du crédit, intérêts compris.', 'The loan’s instalment (annuity), interest included.'],
    theme: 'loan-requested',
    reasonCode: 'LOAN_AMOUNT',
    unit: 'currency',
    min: 0,
    max: MAX_AMOUNT,
    isImportant: true,
    isActionable: true,
    sentences: sentences(['Échéance du crédit', 'Loan instalment'], {
      higher: [
        'L’échéance du crédit ({value}) est plus élevée que celle des clients acceptés près du seuil (habituellement {typical}).',
        'The loan’s instalment ({value}) is higher than that of clients approved near the threshold (usually {typical}).',
      ],
      lower: [
        'L’échéance du crédit ({value}) est moins élevée que celle des clients acceptés près du seuil (habituellement {typical}).',
        'The loan’s instalment ({value}) is lower than that of clients approved near the threshold (usually {typical}).',
      ],
      same: [
        'L’échéance du crédit ({value}) est au niveau habituel des clients acceptés près du seuil.',
        'The loan’s instalment ({value}) is at the usual level of clients approved near the threshold.',
      ],
    }),
  }),
  numberField({
    name: 'goodsPriceAmount',
    column: 'AMT_GOODS_PRICE',
    label: ['Prix du bien financé', 'Price of the goods'],
    definition: ['Prix du bien que le crédit finance.', 'Price of the goods that the loan pays for.'],
    theme: 'loan-requested',
    reasonCode: 'LOAN_AMOUNT',
    unit: 'currency',
    min: 0,
    max: MAX_AMOUNT,
    isActionable: true,
    sentences: sentences(['Prix du bien financé', 'Price of the goods'], {
      higher: [
        'Le bien financé ({value}) est plus cher que celui des clients acceptés près du seuil (habituellement {typical}).',
        'The goods financed ({value}) cost more than those of clients approved near the threshold (usually {typical}).',
      ],
      lower: [
        'Le bien financé ({value}) est moins cher que celui des clients acceptés près du seuil (habituellement {typical}).',
        'The goods financed ({value}) cost less than those of clients approved near the threshold (usually {typical}).',
      ],
      same: [
        'Le prix du bien financé ({value}) est au niveau habituel des clients acceptés près du seuil.',
        'The price of the goods ({value}) is at the usual level of clients approved near the threshold.',
      ],
    }),
  }),
];
