import type { Language } from '@lisible/contracts';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { ApiError, apiKey, createApiClient, type ApiClient } from '../app/api/api.client.ts';
import { createQueryCache } from '../app/api/query-cache.ts';
import { createTranslations, showLanguage } from '../app/i18n/i18n.ts';
import { usePreferencesStore } from '../app/preferences.store.ts';

/** What a spec's door answers; whatever it does not know is refused. Throwing an `ApiError` answers its problem. */
export interface SpecDoor {
  readonly get?: (path: string) => Promise<unknown>;
  readonly post?: (path: string, body: unknown) => Promise<unknown>;
}

/** The dashboard's own client, up to the wire. */
const clientOf = ({ get, post }: SpecDoor): ApiClient =>
  createApiClient({
    accessToken: () => 'token',
    language: () => 'fr',
    onUnauthenticated: () => undefined,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const answer = request.method === 'POST' ? post?.(pathname, await request.json()) : get?.(pathname + search);
      if (answer === undefined) throw new Error(`No spec answer for ${request.method} ${pathname}.`);
      try {
        return Response.json(await answer);
      } catch (error) {
        if (!(error instanceof ApiError) || error.failure === 'offline') throw error;
        const problem = error.problem ?? { type: 'about:blank', title: error.failure, status: 500, code: error.failure, correlationId: 'c' };
        return Response.json(problem, { status: problem.status });
      }
    },
  });

const empty = { template: '<div />' };
/** The addresses that components link to, without the guard that asks for a session. */
const createSpecRouter = () =>
  createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: empty },
      { path: '/clients', name: 'clients', component: empty },
      { path: '/clients/:clientId', name: 'dossier', component: empty },
    ],
  });

/** Mounts a component as the dashboard does: stores, router, query cache, one language. */
export const mountPage = async (component: Component, options: { props?: Record<string, unknown>; language?: Language; api?: SpecDoor } = {}): Promise<VueWrapper> => {
  const language = options.language ?? 'fr';
  const translations = createTranslations();
  await showLanguage(translations, language);
  const pinia = createPinia();
  const wrapper = mount(component, {
    props: options.props ?? {},
    attachTo: document.body,
    global: {
      plugins: [pinia, translations, createSpecRouter(), [VueQueryPlugin, { queryClient: createQueryCache() }]],
      provide: { [apiKey as symbol]: clientOf(options.api ?? {}) },
    },
  });
  usePreferencesStore(pinia).language = language;
  return wrapper;
};

/** What a person reads, with every kind of space as one plain space. */
export const readText = (wrapper: { text(): string }): string => wrapper.text().replaceAll(/\s+/gu, ' ');
