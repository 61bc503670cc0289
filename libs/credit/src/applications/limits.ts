/** Characters of a category, and of a text, in an application. */
export const MAX_CATEGORY_LENGTH = 100;
export const MAX_TEXT_LENGTH = 200;
