import type { ModelEvidence } from '@lisible/contracts';
import { say } from '@lisible/credit';
import type { EvidenceInputs } from './evidence-inputs.ts';
import type { FeatureWords } from './feature-words.ts';
import { spanOf } from './measure-stability.ts';

/** What the model learnt from, in the words of the lender and the numbers of the snapshot. */
export const writeDataSheet = (
  { studies, labels, catalogue, about, snapshot, coverage, manifest }: EvidenceInputs,
  words: FeatureWords,
): ModelEvidence['dataSheet'] => {
  const { first, last } = spanOf(studies.submittedAtMs);
  return {
    source: snapshot.source,
    catalogueName: snapshot.catalogueName,
    catalogueVersion: snapshot.catalogueVersion,
    snapshotId: snapshot.snapshotId,
    asOf: snapshot.asOf,
    labelledRows: snapshot.labelledRows,
    unlabelledRows: snapshot.unlabelledRows,
    defaulted: labels.reduce((sum, label) => sum + label, 0),
    submittedFrom: new Date(first).toISOString(),
    submittedTo: new Date(last).toISOString(),
    words:
      snapshot.source === 'synthetic'
        ? syntheticWords
        : about.statements.map(({ heading, statements }) => ({ heading, statements: [...statements] })),
    features: studies.featureNames.map((name) => {
      const feature = words.find(name);
      const range = manifest.trainingRanges[name];
      const isKnown = range !== undefined && range.missingShare < 1;
      return {
        name,
        label: words.labelOf(name),
        definition: feature?.definition ?? words.labelOf(name),
        unit: feature?.unit ?? 'none',
        reasonCode: feature?.reasonCode ?? name,
        monotoneDirection: feature?.monotoneDirection ?? null,
        missingShare: range?.missingShare ?? 1,
        min: isKnown ? range.min : null,
        max: isKnown ? range.max : null,
        range: isKnown && !words.isCoded(name) ? words.range(name, range.min, range.max) : null,
      };
    }),
    protectedFields: catalogue.fields.flatMap(({ name, label, protection }) => (protection === null ? [] : [{ name, label, reason: protection }])),
    protectedFeatures: catalogue.features.filter(({ isProtected }) => isProtected).map(({ name, label }) => ({ name, label })),
    coverage: coverage.map((entry) => ({ ...entry })),
  };
};

/** Of a drawn population, whatever the lender: no statement about people holds. */
const syntheticWords: ModelEvidence['dataSheet']['words'] = [
  {
    heading: 'motivation',
    statements: [
      say(
        'Population tirée au sort par le générateur de la maison, pour montrer et éprouver la plateforme sans donnée de personnes.',
        'A population drawn by the house’s generator, to show and test the platform without anybody’s data.',
      ),
    ],
  },
  {
    heading: 'limits',
    statements: [
      say(
        'Aucun résultat mesuré ici ne dit quoi que ce soit de clients réels : un modèle appris sur cette population ne doit décider d’aucun crédit.',
        'No result measured here says anything of real clients: a model learnt from this population must decide on no loan.',
      ),
    ],
  },
];
