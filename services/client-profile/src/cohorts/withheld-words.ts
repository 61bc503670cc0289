import type { LocalizedText } from '@lisible/contracts';
import type { Withheld } from '@lisible/credit';

/** Why a group is not told of, with a way out; `label`: of the field that is to blame, where one is. */
export const withheldWords = (reason: Withheld, label: LocalizedText | null, floor: number): LocalizedText => {
  const words: Readonly<Record<Withheld, LocalizedText>> = {
    'group-too-small': {
      fr: `Ce groupe compte moins de ${floor} clients : il n’est pas montré, pour que personne n’y soit reconnu. Élargissez ou retirez un filtre.`,
      en: `This group has fewer than ${floor} clients: it is not shown, so that nobody in it can be recognised. Widen or remove a filter.`,
    },
    'rest-too-small': {
      fr: `Moins de ${floor} clients sont hors de ce groupe : le comparer à tous les clients en dirait trop sur eux. Resserrez ou retirez un filtre.`,
      en: `Fewer than ${floor} clients are outside this group: comparing it with everybody would say too much of them. Narrow or remove a filter.`,
    },
    'difference-too-small': {
      fr: `À moins de ${floor} clients près, ce groupe serait un autre groupe que vous pouvez demander : leur différence en dirait trop sur eux. Élargissez un filtre ou retirez-en un.`,
      en: `But for fewer than ${floor} clients, this group is another one that you can ask for: their difference would say too much of them. Widen a filter or remove one.`,
    },
  };
  const { fr, en } = words[reason];
  return label === null ? { fr, en } : { fr: `${fr} Le filtre en cause : ${label.fr}.`, en: `${en} The filter to blame: ${label.en}.` };
};
