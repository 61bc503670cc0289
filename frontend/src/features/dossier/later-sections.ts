import { defineAsyncComponent, type Component } from 'vue';

const loaders = {
  information: () => import('./InformationSection.vue'),
  assumptions: () => import('./assumptions/AssumptionsSection.vue'),
  compare: () => import('./compare/CompareSection.vue'),
  similar: () => import('./similar/SimilarSection.vue'),
  simulate: () => import('./simulate/SimulateSection.vue'),
  advice: () => import('./advice/AdviceSection.vue'),
};

const slowestRetryMs = 10_000;

/** A piece that could not be fetched is fetched again, more and more rarely: a lost connection comes back. */
const persistently = <Piece extends Component>(loader: () => Promise<{ readonly default: Piece }>) =>
  defineAsyncComponent({
    loader,
    onError: (_error, retry, _fail, attempts) => {
      setTimeout(retry, Math.min(1_000 * 2 ** attempts, slowestRetryMs));
    },
  });

/** What stands below the fold comes in pieces of its own, so that the verdict and its reasons are there first. */
export const InformationSection = persistently(loaders.information);
export const AssumptionsSection = persistently(loaders.assumptions);
export const CompareSection = persistently(loaders.compare);
export const SimilarSection = persistently(loaders.similar);
export const SimulateSection = persistently(loaders.simulate);
export const AdviceSection = persistently(loaders.advice);

/** Fetches the pieces once the browser has nothing better to do: whoever reads on, also without a connection, finds them. */
export const fetchLaterSections = (): void => {
  const fetchAll = (): void => {
    for (const load of Object.values(loaders)) load().catch(() => undefined); // Fetched again when it is shown.
  };
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, 1_000);
};
