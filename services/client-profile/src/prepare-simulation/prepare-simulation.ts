import type { Lever, LoanChange, PreparedAdvice, PreparedSimulation, SimulatedApplication, SimulationRequest } from '@lisible/contracts';
import { amountStep, changeLoan, isReadAsMeant, loanCandidates, readLoan, termsOnOffer, validateApplication, withTerms } from '@lisible/credit';
import type { Catalogue, LoanReading, PricedLoan } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';
import type { LocalizedFieldProblem } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { SimulatedApplications } from './simulated-applications.ts';
import type { DecidedApplication } from './simulated-applications.ts';

const misread = {
  fr: 'Le modèle lit la durée et le taux d’après les montants ; à ces montants-là il en lirait d’autres, et son estimation en vaut moins.',
  en: 'The model reads term and rate from the amounts; at these it would read others, and its estimate is worth less.',
};

/** Shares of what was asked that can be simulated. */
const amountShares = { least: 0.2, most: 1.5 };

const french = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 0 });
const english = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** The inputs that model and policy would get if the client asked for another loan. */
@Injectable()
export class PrepareSimulation {
  constructor(
    @Inject(SimulatedApplications) private readonly applications: SimulatedApplications,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @throws RejectedError as `SimulatedApplications.get`; `application-invalid`, at its field, for a change beyond the levers and for one that the door would not take. */
  async simulation({ change, ...asked }: SimulationRequest): Promise<PreparedSimulation> {
    const decided = await this.applications.get(asked);
    const { reading, loan } = this.readLoan(decided);
    const levers = leversOf(reading, loan);
    refuseBeyond(levers, change);
    const terms = changeLoan(loan, change, reading.terms);
    const changed = withTerms(reading, decided.application, terms);
    const validation = validateApplication(this.catalogue, changed);
    if (!validation.isValid) refuse(validation.problems);
    const { applicationId, currency } = changed;
    return {
      applicationId,
      currency,
      levers: [...levers],
      before: { terms: loan.terms, inputs: decided.inputs },
      note: terms === loan.terms || isReadAsMeant(reading, loan, terms) ? null : misread,
      after: { terms, inputs: this.applications.change(decided, changed) },
    };
  }

  /** Every loan that could be advised. @throws RejectedError as `simulation` */
  async advice(asked: SimulatedApplication): Promise<PreparedAdvice> {
    const decided = await this.applications.get(asked);
    const { reading, loan } = this.readLoan(decided);
    const { applicationId, currency } = decided.application;
    return {
      applicationId,
      currency,
      before: { terms: loan.terms, inputs: decided.inputs },
      candidates: loanCandidates(loan, reading).map(({ terms, cost }) => ({
        terms,
        cost,
        inputs: this.applications.change(decided, withTerms(reading, decided.application, terms)),
      })),
    };
  }

  private readLoan({ application }: DecidedApplication): { readonly reading: LoanReading; readonly loan: PricedLoan } {
    const reading = this.catalogue.loan;
    const loan = reading === undefined ? null : readLoan(reading, application);
    if (reading === undefined || loan === null)
      throw new RejectedError('request-invalid', {
        fr: 'Les montants de cette demande n’en disent pas la durée : elle ne peut pas être simulée.',
        en: 'The amounts of this application do not tell its term: it cannot be simulated.',
      });
    return { reading, loan };
  }
}

const leversOf = (reading: LoanReading, loan: PricedLoan): readonly Lever[] => {
  const { terms } = loan;
  const step = amountStep(terms.creditAmount);
  const [least, most] = [amountShares.least, amountShares.most].map((share) => Math.round((terms.creditAmount * share) / step) * step);
  const bounds = { min: Math.min(least ?? 0, terms.creditAmount), max: Math.max(most ?? 0, terms.creditAmount) };
  const offered = termsOnOffer(loan, reading.terms);
  const [shortest, longest] = [offered.at(0) ?? terms.termMonths, offered.at(-1) ?? terms.termMonths];
  const instalment = (creditAmount: number, termMonths: number): number =>
    changeLoan(loan, { creditAmount, termMonths }, reading.terms).annuityAmount;
  return [
    { name: 'creditAmount', label: { fr: 'Montant du crédit', en: 'Credit amount' }, ...bounds, step, values: null },
    {
      name: 'termMonths',
      label: { fr: 'Durée, en mois', en: 'Term, in months' },
      min: shortest,
      max: longest,
      step: 1,
      values: [...offered],
    },
    {
      name: 'annuityAmount',
      label: { fr: 'Échéance', en: 'Instalment' },
      min: Math.floor(instalment(bounds.min, longest)),
      max: Math.ceil(instalment(bounds.max, shortest)),
      step: 1,
      values: null,
    },
  ];
};

const refuseBeyond = (levers: readonly Lever[], change: LoanChange): void => {
  const problems = levers.flatMap(({ name, label, min, max }): LocalizedFieldProblem[] => {
    const value = change[name];
    if (value === undefined || (value >= min && value <= max)) return [];
    return [
      {
        field: name,
        code: 'out-of-range',
        message: {
          fr: `${label.fr} : choisissez une valeur entre ${french.format(min)} et ${french.format(max)}.`,
          en: `${label.en}: choose a value between ${english.format(min)} and ${english.format(max)}.`,
        },
      },
    ];
  });
  if (problems.length > 0) refuse(problems);
};

const refuse = (problems: readonly LocalizedFieldProblem[]): never => {
  throw new RejectedError(
    'application-invalid',
    { fr: 'Ce crédit ne peut pas être simulé : corrigez les champs indiqués.', en: 'This loan cannot be simulated: correct the fields listed.' },
    problems,
  );
};
