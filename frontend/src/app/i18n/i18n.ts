import { keepTogether, languages, type Language, type LocalizedText } from '@lisible/contracts';
import { createI18n, useI18n } from 'vue-i18n';
import type fr from './fr.ts';

/** French is the original: every other language has its keys, as the compiler and a spec see to. */
export type Messages = typeof fr;

const load: Record<Language, () => Promise<{ default: Messages }>> = {
  fr: () => import('./fr.ts'),
  en: () => import('./en.ts'),
};

/** Forms are « one | many » or « none | one | many ». */
const pluralRule =
  (isOne: (count: number) => boolean) =>
  (count: number, forms: number): number =>
    forms > 2 && count === 0 ? 0 : forms - (isOne(Math.abs(count)) ? 2 : 1);

/** French counts 0 and 1,9 as one; English counts only 1 as one. */
export const pluralRules: Record<Language, (count: number, forms: number) => number> = {
  fr: pluralRule((count) => count < 2),
  en: pluralRule((count) => count === 1),
};

export const createTranslations = () =>
  createI18n({
    legacy: false,
    locale: 'fr',
    messages: {},
    pluralRules,
    postTranslation: (translated) => (typeof translated === 'string' ? keepTogether(translated) : translated),
    missingWarn: import.meta.env.DEV,
    fallbackWarn: import.meta.env.DEV,
  });
export type Translations = ReturnType<typeof createTranslations>;

const fetchLanguage = async ({ global }: Translations, language: Language): Promise<void> => {
  if (!Object.hasOwn(global.messages.value, language)) global.setLocaleMessage(language, (await load[language]()).default);
};

/** Fetches every language that is not here yet, so that changing it needs no connection; one that cannot come now is fetched when it is chosen. */
export const fetchLanguages = async (translations: Translations): Promise<void> => {
  await Promise.allSettled(languages.map((language) => fetchLanguage(translations, language)));
};

/** Loads a language's messages once, then shows it everywhere, the document's own language included. */
export const showLanguage = async (translations: Translations, language: Language): Promise<void> => {
  const { global } = translations;
  await fetchLanguage(translations, language);
  global.locale.value = language;
  document.documentElement.lang = language;
};

/** Texts of the interface (`t`), texts of the server (`localized`) and the language in force. */
export const useTranslations = () => {
  const { t, locale } = useI18n();
  const language = (): Language => (locale.value === 'en' ? 'en' : 'fr');
  const localized = (text: LocalizedText): string => keepTogether(text[language()]);
  return { t, localized, language };
};
