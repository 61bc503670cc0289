import '@fontsource-variable/atkinson-hyperlegible-next';
import './ui/tokens.css';
import './ui/base.css';

import { VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import App from './app/App.vue';
import { apiKey, createApiClient } from './app/api/api.client.ts';
import { createQueryCache } from './app/api/query-cache.ts';
import { createTranslations, fetchLanguages, showLanguage } from './app/i18n/i18n.ts';
import { usePreferencesStore } from './app/preferences.store.ts';
import { createAppRouter } from './app/router.ts';
import { useSessionStore } from './app/session/session.store.ts';

const app = createApp(App);
const translations = createTranslations();
app.use(createPinia());
app.use(translations);
app.use(VueQueryPlugin, { queryClient: createQueryCache() });

const preferences = usePreferencesStore();
const session = useSessionStore();
app.provide(
  apiKey,
  createApiClient({
    accessToken: session.accessToken,
    language: () => preferences.language,
    onUnauthenticated: session.expire,
    fetch: (request) => globalThis.fetch(request),
  }),
);
watch(
  () => preferences.language,
  (language) => void showLanguage(translations, language),
);

// A page kept by the browser for « back » still shows a client after its session ended: it starts anew instead.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

await showLanguage(translations, preferences.language);
app.use(createAppRouter());
app.mount('#app');
// Once the page has had what it needs.
setTimeout(() => void fetchLanguages(translations), 3_000);
