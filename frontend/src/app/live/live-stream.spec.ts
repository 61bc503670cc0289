import { followLiveStream } from './live-stream.ts';
import { isAbout } from './use-live-updates.ts';

const decided = (applicationId: string): string => `event: credit.application.decided.v1\ndata: {"applicationId":"${applicationId}"}\n\n`;

describe('the live stream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells of applications across pieces and cuts, and says when it is back', async () => {
    const told: string[] = [];
    const tokens: (string | null)[] = [];
    const pieces = [
      ['retry: 1000\n: listening\n\n', decided('A-1').slice(0, 20)],
      [],
      [decided('A-2'), 'event: other.topic\ndata: {"applicationId":"A-3"}\n\n', 'event: credit.decision.explained.v1\ndata: nonsense\n\n'],
    ];
    // The end of A-1 comes in a piece of its own.
    pieces[0]?.push(decided('A-1').slice(20));
    let reconnections = 0;
    const stop = followLiveStream({
      accessToken: () => 'token-1',
      fetch: (_path, init) => {
        tokens.push(new Headers(init?.headers).get('authorization'));
        const next = pieces.shift();
        if (next === undefined) return new Promise(() => {});
        if (next.length === 0) return Promise.reject(new TypeError('no network'));
        return Promise.resolve(
          new Response(
            new ReadableStream({
              start: (controller) => {
                for (const piece of next) controller.enqueue(new TextEncoder().encode(piece));
                controller.close();
              },
            }),
          ),
        );
      },
      onAnnouncement: (applicationId) => told.push(applicationId),
      onReconnected: () => (reconnections += 1),
    });
    await vi.advanceTimersByTimeAsync(100);
    expect([told, reconnections]).toEqual([['A-1'], 0]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([told, reconnections]).toEqual([['A-1', 'A-2'], 1]);
    expect(new Set(tokens)).toEqual(new Set(['Bearer token-1']));
    stop();
    const asked = tokens.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tokens).toHaveLength(asked);
  });

  it('refreshes what is about the application, and what waits for one that it cannot name', () => {
    const ids = new Set(['A-1']);
    const about = (queryKey: readonly unknown[], data?: unknown) => isAbout({ queryKey, state: { data } }, ids);
    expect(about(['dossier', { clientId: 'C-1', applicationId: 'A-1' }])).toBe(true);
    expect(about(['application', 'A-1'])).toBe(true);
    expect(about(['dossier', { clientId: 'C-1', applicationId: null }], { applicationId: 'A-1' })).toBe(true);
    expect(about(['explanation', { clientId: 'C-1', applicationId: null }], null)).toBe(true);
    expect(about(['dossier', { clientId: 'C-2', applicationId: 'A-2' }])).toBe(false);
    expect(about(['clients', { page: 1 }])).toBe(false);
  });
});
