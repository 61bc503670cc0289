import type { SeededRandom } from '@lisible/credit';
import { drawIndex, wordTable } from './word-draw.ts';

export interface Branch {
  readonly name: string;
  readonly city: string;
  /** First digits of the city's postal codes. */
  readonly postalPrefix: string;
  /** It asks nothing about the building where the client lives: those 47 columns are missing together. */
  readonly asksAboutBuilding: boolean;
  /** It does not write down who came with the client. */
  readonly notesCompany: boolean;
  /** How far its way of lending moves the log-odds of default. */
  readonly logOdds: number;
}

/** City, first digits of its postal codes, branches there, weight of each branch; by region rating 1 (best) to 3. */
const cities: readonly (readonly (readonly [city: string, postalPrefix: string, branches: number, weight: number])[])[] = [
  [
    ['Paris', '750', 6, 1],
    ['Lyon', '690', 3, 1],
    ['Toulouse', '310', 2, 1],
    ['Nantes', '440', 2, 0.9],
  ],
  [
    ['Bordeaux', '330', 2, 1],
    ['Lille', '590', 2, 1.2],
    ['Rennes', '350', 2, 0.9],
    ['Strasbourg', '670', 2, 0.9],
    ['Montpellier', '340', 1, 1.1],
    ['Grenoble', '380', 1, 1],
    ['Dijon', '210', 1, 0.8],
    ['Angers', '490', 1, 0.8],
    ['Tours', '370', 1, 0.7],
    ['Clermont-Ferrand', '630', 1, 0.7],
    ['Rouen', '760', 1, 0.8],
    ['Orléans', '450', 1, 0.6],
  ],
  [
    ['Saint-Étienne', '420', 1, 1],
    ['Mulhouse', '681', 1, 0.8],
    ['Perpignan', '660', 1, 0.9],
    ['Charleville-Mézières', '080', 1, 0.5],
    ['Béziers', '345', 1, 0.6],
    ['Calais', '621', 1, 0.6],
    ['Nevers', '580', 1, 0.4],
    ['Roubaix', '591', 1, 0.9],
  ],
];

const asksNothingAboutBuilding: ReadonlySet<string> = new Set(['dijon-1', 'calais-1']);
const notesNoCompany: ReadonlySet<string> = new Set(['nevers-1']);
/** A lenient hand, and a strict one. */
const habits: ReadonlyMap<string, number> = new Map([
  ['roubaix-1', 0.2],
  ['perpignan-1', 0.15],
  ['rennes-1', -0.15],
  ['lyon-2', -0.12],
]);

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z-]/g, '')
    .toLowerCase();

const byRating = cities.map((ofRating) => {
  const branches = ofRating.flatMap(([city, postalPrefix, count, weight]) =>
    Array.from({ length: count }, (_, index) => {
      const name = `${plain(city)}-${index + 1}`;
      const branch: Branch = {
        name,
        city,
        postalPrefix,
        asksAboutBuilding: !asksNothingAboutBuilding.has(name),
        notesCompany: !notesNoCompany.has(name),
        logOdds: habits.get(name) ?? 0,
      };
      return { branch, weight };
    }),
  );
  return { branches: branches.map(({ branch }) => branch), shares: wordTable(branches.map(({ branch, weight }) => [branch.name, weight] as const)) };
});

/** The branch where a client of a region of this rating (1 to 3) applied. */
export const drawBranch = (regionRating: number, random: SeededRandom): Branch => {
  const region = byRating[Math.min(3, Math.max(1, regionRating)) - 1] ?? byRating[1];
  const branch = region?.branches[drawIndex(region.shares, random)];
  if (branch === undefined) throw new RangeError('every region has branches');
  return branch;
};

const streetKinds = ['rue', 'rue', 'rue', 'avenue', 'boulevard', 'chemin', 'place', 'allée'] as const;
const streetNames = [
  'de la République',
  'Victor-Hugo',
  'Pasteur',
  'Jean-Jaurès',
  'du Général-de-Gaulle',
  'des Écoles',
  'de la Gare',
  'des Lilas',
  'du Moulin',
  'de Verdun',
  'Jules-Ferry',
  'des Acacias',
  'Voltaire',
  'du Stade',
  'de la Fontaine',
  'Marie-Curie',
  'des Jardins',
  'Émile-Zola',
  'du 8-Mai-1945',
  'de l’Église',
] as const;

/** Street and postal code of nobody's home in the branch's city. */
export const drawAddress = (branch: Branch, random: SeededRandom): { readonly street: string; readonly postalCode: string } => ({
  street: `${1 + random.integer(180)} ${streetKinds[random.integer(streetKinds.length)] ?? ''} ${streetNames[random.integer(streetNames.length)] ?? ''}`,
  postalCode: branch.postalPrefix + String(random.integer(10)) + '0',
});
