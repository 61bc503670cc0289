import { pastLoansQuestionSchema, portfolioQuerySchema, topics } from '@lisible/contracts';
import type { ApplicationDecided, DecidedPortfolio, PastLoansPortfolio, PastLoansQuestion, PortfolioQuery } from '@lisible/contracts';
import { SharedSubscription } from '@lisible/platform';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { CountDecisions } from './count-decisions.ts';
import { PastLoans } from './past-loans.ts';
import { ReadDecided } from './read-decided.ts';

@Controller('portfolio')
export class PortfolioController {
  constructor(
    @Inject(CountDecisions) private readonly countDecisions: CountDecisions,
    @Inject(ReadDecided) private readonly readDecided: ReadDecided,
    @Inject(PastLoans) private readonly pastLoans: PastLoans,
  ) {}

  /** A first start counts from the oldest decision that the topic still holds. */
  @SharedSubscription(topics.applicationDecided)
  applicationDecided(batch: EventBatch<ApplicationDecided>): Promise<CommitHalf> {
    return Promise.resolve(this.countDecisions.prepare(batch));
  }

  @Get('decided')
  decided(@Query({ schema: portfolioQuerySchema }) query: PortfolioQuery): Promise<DecidedPortfolio> {
    return this.readDecided.execute(query);
  }

  /** Posted, since a policy is more than an address holds. */
  @Post('past-loans')
  @HttpCode(200)
  pastLoansUnder(@Body({ schema: pastLoansQuestionSchema }) { policy }: PastLoansQuestion): Promise<PastLoansPortfolio> {
    return this.pastLoans.read(policy);
  }
}
