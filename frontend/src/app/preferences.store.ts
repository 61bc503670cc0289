import { languages, type Language } from '@lisible/contracts';
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';

export const themeChoices = ['light', 'dark', 'system'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** Also read by `public/before-paint.js`. */
const storageKeys = { theme: 'lisible.theme', language: 'lisible.language', expert: 'lisible.expert', dense: 'lisible.dense' };

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage closed to us: a preference then lasts as long as the page.
  }
};

const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
};

/** What a person chose about the look: language (French first), theme, expert view, close rows. Remembered by the browser. */
export const usePreferencesStore = defineStore('preferences', () => {
  const language = ref<Language>(languages.find((known) => known === read(storageKeys.language)) ?? 'fr');
  const theme = ref<ThemeChoice>(themeChoices.find((known) => known === read(storageKeys.theme)) ?? 'system');
  const isExpert = ref(read(storageKeys.expert) === 'yes');
  const isDense = ref(read(storageKeys.dense) === 'yes');

  watch(
    theme,
    (choice) => {
      if (choice === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = choice;
      write(storageKeys.theme, choice);
    },
    { immediate: true },
  );
  watch(language, (choice) => write(storageKeys.language, choice));
  watch(isExpert, (choice) => write(storageKeys.expert, choice ? 'yes' : 'no'));
  watch(isDense, (choice) => write(storageKeys.dense, choice ? 'yes' : 'no'));

  return { language, theme, isExpert, isDense };
});
