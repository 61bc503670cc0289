import { readonly, ref } from 'vue';

const message = ref('');

/** What the page's one live region says. */
export const announcement = readonly(message);

/** Tells people who do not see the page that something new stands on it (WCAG 4.1.3). */
export const announce = (text: string): void => {
  // The same text twice is a change only if the region was empty in between.
  message.value = '';
  queueMicrotask(() => {
    message.value = text;
  });
};
