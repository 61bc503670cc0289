import { languages, type LocalizedText, type PolicyDraft, type PolicyRule } from '@lisible/contracts';
import { say, type Catalogue } from '../catalogue/index.ts';
import { analyticThreshold } from './recommend-policy.ts';
import { outsideTrainingRangeInput } from './training-range.ts';

/** What is wrong with a policy, by the path of what it concerns. */
export interface PolicyProblem {
  readonly field: string;
  readonly code: string;
  readonly message: LocalizedText;
}

type InputTypes = ReadonlyMap<string, 'number' | 'boolean'>;

/** Inputs that rules may name: the catalogue's, and what scoring knows of the model. */
export const policyInputTypes = (catalogue: Catalogue): InputTypes =>
  new Map([...catalogue.policyInputs.map(({ name, type }) => [name, type] as const), [outsideTrainingRangeInput, 'number'] as const]);

const ruleCode = /^[A-Z][A-Z0-9_]{0,63}$/u;
const placeholder = /\{(\w+)\}/gu;

/** What is wrong with one rule of a policy; `field` is its path, `otherCodes` those of the rules before it. */
export const ruleProblems = (rule: PolicyRule, field: string, otherCodes: readonly string[], inputs: InputTypes): readonly PolicyProblem[] => {
  const problems: PolicyProblem[] = [];
  const claim = (isSound: boolean, part: string, code: string, message: LocalizedText): void => {
    if (!isSound) problems.push({ field: `${field}.${part}`, code, message });
  };
  const { input, operator, value } = rule.condition;
  claim(
    ruleCode.test(rule.code),
    'code',
    'invalid-code',
    say(
      'Un code de règle s’écrit en capitales, chiffres et tirets bas : DEBT_RATIO_TOO_HIGH.',
      'A rule’s code is written in capitals, digits and underscores: DEBT_RATIO_TOO_HIGH.',
    ),
  );
  claim(
    !otherCodes.includes(rule.code),
    'code',
    'repeated-code',
    say('Une règle précédente porte déjà ce code.', 'An earlier rule already has this code.'),
  );
  const type = inputs.get(input);
  claim(
    type !== undefined,
    'condition.input',
    'unknown-input',
    say(
      `Aucune règle ne peut lire cette donnée : celles du catalogue sont ${[...inputs.keys()].join(', ')}.`,
      `No rule can read this input: the catalogue has ${[...inputs.keys()].join(', ')}.`,
    ),
  );
  if (type !== undefined) {
    claim(
      typeof value === type,
      'condition.value',
      'wrong-type',
      type === 'boolean'
        ? say(
            'Cette donnée vaut vrai ou faux : la règle la compare à autre chose.',
            'This input is true or false: the rule compares it with something else.',
          )
        : say('Cette donnée est un nombre : la règle la compare à autre chose.', 'This input is a number: the rule compares it with something else.'),
    );
    claim(
      type === 'number' || operator === 'equals',
      'condition.operator',
      'wrong-operator',
      say('Ce qui vaut vrai ou faux n’est ni plus grand ni plus petit.', 'What is true or false is neither greater nor less.'),
    );
  }
  for (const language of languages) {
    const statement = rule.statement[language];
    claim(
      statement.trim() !== '',
      `statement.${language}`,
      'no-statement',
      say(
        'Une règle se dit au client : il lui faut une phrase dans chaque langue.',
        'A rule is told to the client: it needs a sentence in every language.',
      ),
    );
    claim(
      [...statement.matchAll(placeholder)].every(([, name = '']) => name === input),
      `statement.${language}`,
      'wrong-placeholder',
      say(
        'La phrase ne peut reprendre entre accolades que la donnée que la règle lit.',
        'Between braces the sentence can only name the input that the rule reads.',
      ),
    );
  }
  return problems;
};

/** What is wrong with the amount-aware costs of a policy that is otherwise read. */
export const amountAwareProblems = (
  { amountAwareCost, misclassificationCost }: Pick<PolicyDraft, 'amountAwareCost' | 'misclassificationCost'>,
  catalogue: Catalogue,
): readonly PolicyProblem[] => {
  if (amountAwareCost === null || amountAwareCost === undefined) return [];
  const { amountField, thresholdBounds } = amountAwareCost;
  const isAmount =
    policyInputTypes(catalogue).get(amountField) === 'number' &&
    catalogue.fields.some(({ name, unit }) => name === amountField && unit === 'currency');
  const threshold = analyticThreshold(misclassificationCost);
  return [
    ...(isAmount
      ? []
      : [
          {
            field: 'policy.amountAwareCost.amountField',
            code: 'no-amount',
            message: say(
              'Le catalogue n’a pas de montant de ce nom que les règles puissent lire.',
              'The catalogue has no amount of this name that rules may read.',
            ),
          },
        ]),
    ...(thresholdBounds.lower <= threshold && threshold <= thresholdBounds.upper
      ? []
      : [
          {
            field: 'policy.amountAwareCost.thresholdBounds',
            code: 'bounds-exclude-threshold',
            message: say(
              'Les bornes doivent entourer le seuil que donnent les deux coûts, qui vaut pour une demande sans montant.',
              'The bounds must enclose the threshold of the two costs, which holds for an application without an amount.',
            ),
          },
        ]),
  ];
};
