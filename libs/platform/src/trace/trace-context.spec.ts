import { setTimeout as sleep } from 'node:timers/promises';
import { continueTrace, createTraceparent, findCurrentTraceparent, findTraceId, runInTrace } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('trace context', () => {
  it('is what the recommendation says it is, of its own version and of later ones', () => {
    expect(findTraceId(`00-${traceId}-00f067aa0ba902b7-01`)).toBe(traceId);
    expect(findTraceId(`01-${traceId}-00f067aa0ba902b7-01-more`)).toBe(traceId);
    for (const wrong of [
      undefined,
      '',
      traceId,
      `00-${traceId}-00f067aa0ba902b7-01-more`,
      `ff-${traceId}-00f067aa0ba902b7-01`,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
      `01-${traceId}-00f067aa0ba902b7-01-${'x'.repeat(300)}`,
    ])
      expect(findTraceId(wrong)).toBeNull();
  });

  it('goes on with what came, and begins anew where nothing of use came', () => {
    const given = `00-${traceId}-00f067aa0ba902b7-00`;
    expect(continueTrace(given)).toBe(given);
    const [one, other] = [continueTrace('rubbish'), createTraceparent()];
    expect(findTraceId(one)).toMatch(/^[0-9a-f]{32}$/);
    expect(findTraceId(one)).not.toBe(findTraceId(other));
  });

  it('is that of the request, however many are under way', async () => {
    const seen = await Promise.all(['a', 'b'].map((name) => runInTrace(name, () => sleep(1).then(findCurrentTraceparent))));
    expect(seen).toEqual(['a', 'b']);
    expect(findCurrentTraceparent()).toBeNull();
  });
});
