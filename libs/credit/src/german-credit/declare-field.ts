import {
  declareCategory,
  declareNumber,
  say,
  type CategoryDefinition,
  type DeclaredField,
  type FieldWords,
  type NumberWords,
} from '../catalogue/index.ts';

/** One field, the attribute of the file that it is read from, and the feature that is its plain coding. */
export interface GermanCreditField extends DeclaredField {
  /** 1 to 20, as the data set's description numbers them. */
  readonly attribute: number;
  /** Values by the file's codes (`A11`); empty for a number. */
  readonly codes: ReadonlyMap<string, string>;
}

export const numberField = (attribute: number, words: NumberWords): GermanCreditField => ({ ...declareNumber(words), attribute, codes: new Map() });

/** The file's code, the value in an application, its labels, and the category whose code it takes if not its own. */
export type CategoryWords = readonly [code: string, value: string, fr: string, en: string, codedAs?: string];

export const categoryField = (attribute: number, words: FieldWords & { readonly answers: readonly CategoryWords[] }): GermanCreditField => {
  const byValue = new Map(
    words.answers.map(([, value, fr, en, codedAs]): readonly [string, CategoryDefinition] => [
      value,
      { value, label: say(fr, en), ...(codedAs === undefined ? {} : { codedAs }) },
    ]),
  );
  return {
    ...declareCategory({ ...words, categories: [...byValue.values()] }),
    attribute,
    codes: new Map(words.answers.map(([code, value]) => [code, value])),
  };
};
