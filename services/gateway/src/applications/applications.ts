import type { ApplicationView, Decision, Explanation } from '@lisible/contracts';
import { decisionSchema, explanationSchema } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { CallContext } from '../access/caller.ts';
import { UpstreamProblem } from '../upstream/upstream-problem.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { ExplainedWatch } from './explained.watch.ts';

const receiptOfIntake = z.object({
  applicationId: z.string(),
  clientId: z.string(),
  receivedAt: z.iso.datetime(),
  isNew: z.boolean().default(false),
});
type Intake = z.infer<typeof receiptOfIntake>;

/** One credit request from the door's side: received by client-profile, decided by scoring, explained by explainer. */
@Injectable()
export class Applications {
  constructor(
    @Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream,
    @Inject(ExplainedWatch) private readonly watch: ExplainedWatch,
  ) {}

  /** Hands the application to its owner; with `waitSeconds`, stays until it is explained or the time is up. */
  async submit(application: unknown, waitSeconds: number | null, call: CallContext): Promise<ApplicationView> {
    const receive = () => this.upstream.post('client-profile', '/applications', application, receiptOfIntake, call);
    const identified = z.object({ applicationId: z.string() }).safeParse(application);
    // Without an identifier the owner will refuse it; there is nothing to wait for.
    if (waitSeconds === null || !identified.success) return unfinished(await receive());
    return this.waitFor(identified.data.applicationId, waitSeconds, receive, call);
  }

  /** @throws UpstreamProblem 404 when the application is unknown. */
  async read(applicationId: string, waitSeconds: number | null, call: CallContext): Promise<ApplicationView> {
    const intake = () => this.upstream.get('client-profile', pathOf('applications', applicationId), receiptOfIntake, call);
    if (waitSeconds !== null) return this.waitFor(applicationId, waitSeconds, intake, call);
    const [received, progress] = await Promise.all([intake(), this.readProgress(applicationId, call)]);
    return { ...pick(received), ...progress };
  }

  /** Either kind of dossier: an application's explanation, or the out-of-fold one of a past loan. */
  async readExplanation(applicationId: string, call: CallContext): Promise<Explanation> {
    try {
      return await this.upstream.get('explainer', pathOf('explanations', applicationId), explanationSchema, call);
    } catch (error) {
      if (!(error instanceof UpstreamProblem && error.problem.status === 404)) throw error;
      const ofPastLoan = await this.upstream.find('explainer', `${pathOf('past-loans', applicationId)}/explanation`, explanationSchema, call);
      if (ofPastLoan === null) throw error;
      return ofPastLoan;
    }
  }

  /** Watches first and asks afterwards, so that no explanation falls between the two. */
  private async waitFor(applicationId: string, waitSeconds: number, ask: () => Promise<Intake>, call: CallContext): Promise<ApplicationView> {
    const watch = this.watch.start(applicationId, waitSeconds * 1000);
    try {
      const received = await ask();
      if (!received.isNew) {
        const present = await this.readProgress(applicationId, call);
        if (present.status === 'explained') return { ...pick(received), ...present };
      }
      await watch.isExplained;
      // Also when the time is up: a broadcast that was missed must not turn an explained application into a waiting one.
      return { ...pick(received), ...(await this.readProgress(applicationId, call, watch.decision)) };
    } finally {
      watch.stop();
    }
  }

  /** `announced`: the decision, where its announcement was heard. */
  private async readProgress(
    applicationId: string,
    call: CallContext,
    announced: Decision | null = null,
  ): Promise<Pick<ApplicationView, 'status' | 'decision' | 'explanation'>> {
    const [decision, explanation] = await Promise.all([
      announced ?? this.upstream.find('scoring', pathOf('decisions', applicationId), decisionSchema, call),
      this.upstream.find('explainer', pathOf('explanations', applicationId), explanationSchema, call),
    ]);
    // The two are read at the same time: an explanation seen before its decision is not one yet.
    if (decision === null) return { status: 'received', decision: null, explanation: null };
    return { status: explanation === null ? 'decided' : 'explained', decision, explanation };
  }
}

const pick = ({ applicationId, clientId, receivedAt }: Intake): Omit<Intake, 'isNew'> => ({ applicationId, clientId, receivedAt });
const unfinished = (intake: Intake): ApplicationView => ({ ...pick(intake), status: 'received', decision: null, explanation: null });
