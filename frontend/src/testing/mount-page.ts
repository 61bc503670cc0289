import type { Language } from '@lisible/contracts';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { apiKey, type ApiClient } from '../app/api/api.client.ts';
import { createQueryCache } from '../app/api/query-cache.ts';
import { createTranslations, showLanguage } from '../app/i18n/i18n.ts';
import { usePreferencesStore } from '../app/preferences.store.ts';

/** An API that nobody is expected to ask. */
const silent = (): Promise<never> => Promise.reject(new Error('No spec answer for this request.'));
const silentApi: ApiClient = { get: silent, post: silent };

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
export const mountPage = async (component: Component, options: { props?: Record<string, unknown>; language?: Language; api?: ApiClient } = {}): Promise<VueWrapper> => {
  const language = options.language ?? 'fr';
  const translations = createTranslations();
  await showLanguage(translations, language);
  const pinia = createPinia();
  const wrapper = mount(component, {
    props: options.props ?? {},
    attachTo: document.body,
    global: {
      plugins: [pinia, translations, createSpecRouter(), [VueQueryPlugin, { queryClient: createQueryCache() }]],
      provide: { [apiKey as symbol]: options.api ?? silentApi },
    },
  });
  usePreferencesStore(pinia).language = language;
  return wrapper;
};

/** What a person reads, with every kind of space as one plain space. */
export const readText = (wrapper: { text(): string }): string => wrapper.text().replaceAll(/\s+/gu, ' ');
