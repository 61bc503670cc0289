import { watchEffect } from 'vue';

const productName = 'Lisible';

/** Keeps the document's title in step with the page and the language. */
export const usePageTitle = (title: () => string): void => {
  watchEffect(() => {
    document.title = `${title()} · ${productName}`;
  });
};
