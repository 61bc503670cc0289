import type { Block, Chapter } from '../block.ts';
import { columns, heading, listBlock, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withPctInterval } from '../chapter-context.ts';

export const dataSheetChapter = ({ evidence, w }: ChapterContext): Chapter => {
  const { dataSheet, sample } = evidence;
  const headings: Readonly<Record<string, string>> = {
    motivation: w.t('Motivation', 'Motivation'),
    composition: w.t('Composition', 'Composition'),
    collection: w.t('Collecte', 'Collection'),
    preprocessing: w.t('Préparation', 'Preprocessing'),
    uses: w.t('Usages', 'Uses'),
    distribution: w.t('Diffusion', 'Distribution'),
    maintenance: w.t('Entretien', 'Maintenance'),
    limits: w.t('Limites connues', 'Known limits'),
  };
  const missing = dataSheet.features.filter(({ missingShare }) => missingShare > 0.5).length;
  return {
    id: 'data-sheet',
    title: w.t('Fiche des données', 'Data sheet'),
    blocks: [
      prose(w.t('D’après Gebru et al., « Datasheets for Datasets » (2018).', 'After Gebru et al., “Datasheets for Datasets” (2018).')),
      tableBlock({
        caption: w.t('Ce sur quoi le modèle a été appris', 'What the model was learnt from'),
        columns: [
          { title: w.t('Quoi', 'What'), isNumber: false },
          { title: w.t('Valeur', 'Value'), isNumber: false },
        ],
        rows: [
          [
            w.t('Source', 'Source'),
            dataSheet.source === 'synthetic'
              ? w.t('population synthétique, tirée par le générateur de la maison', 'synthetic population, drawn by the house’s generator')
              : w.t('dossier de tables brutes', 'folder of raw tables'),
          ],
          [w.t('Catalogue', 'Catalogue'), `${dataSheet.catalogueName} ${dataSheet.catalogueVersion}`],
          [w.t('Instantané', 'Snapshot'), `${dataSheet.snapshotId}, ${w.date(dataSheet.asOf)}`],
          [w.t('Dossiers à l’issue connue', 'Files of known outcome'), w.int(dataSheet.labelledRows)],
          [w.t('Dossiers à l’issue inconnue, gardés en exemple', 'Files of unknown outcome, kept as examples'), w.int(dataSheet.unlabelledRows)],
          [w.t('Impayés', 'Defaulted'), `${w.int(dataSheet.defaulted)}, ${withPctInterval(w, sample.defaultRate, 2)}`],
          [
            w.t('Demandes du', 'Submitted from'),
            w.t(
              `${w.date(dataSheet.submittedFrom)} au ${w.date(dataSheet.submittedTo)}`,
              `${w.date(dataSheet.submittedFrom)} to ${w.date(dataSheet.submittedTo)}`,
            ),
          ],
          [
            w.t('Variables du modèle', 'Features of the model'),
            w.t(
              `${w.int(dataSheet.features.length)}, dont ${w.int(missing)} inconnues pour plus de la moitié des dossiers`,
              `${w.int(dataSheet.features.length)}, ${w.int(missing)} of them unknown for more than half of the files`,
            ),
          ],
        ],
      }),
      ...dataSheet.words.flatMap(({ heading: code, statements }): readonly Block[] => [
        heading(headings[code] ?? code),
        listBlock(statements.map(w.pick)),
      ]),
      heading(w.t('Couverture des tables', 'Coverage of tables')),
      ...(dataSheet.coverage.length === 0
        ? [
            prose(
              w.t(
                'Le modèle est appris de la seule table des demandes ; aucune table d’historique n’est lue.',
                'The model learns from the table of applications alone; no history table is read.',
              ),
            ),
          ]
        : [
            tableBlock({
              caption: w.t('Par table : part des clients dont elle parle', 'By table: share of clients that it speaks of'),
              columns: [
                ...columns(
                  w.t('Table', 'Table'),
                  w.t('Lignes', 'Rows'),
                  w.t('Clients', 'Clients'),
                  w.t('Issue connue', 'Known outcome'),
                  w.t('Issue inconnue', 'Unknown outcome'),
                ),
                { title: w.t('Apprise ?', 'Learnt from?'), isNumber: false },
              ],
              rows: dataSheet.coverage.map(({ table, rows, clients, labelledShare, unlabelledShare, isLearntFrom, reason }) => [
                table,
                w.int(rows),
                w.int(clients),
                labelledShare === null ? '–' : w.pct(labelledShare),
                unlabelledShare === null ? '–' : w.pct(unlabelledShare),
                `${isLearntFrom ? w.t('oui', 'yes') : w.t('non', 'no')}${reason === null ? '' : `. ${w.pick(reason)}`}`,
              ]),
            }),
          ]),
      heading(w.t('Attributs protégés, tenus hors du modèle', 'Protected attributes, kept out of the model')),
      tableBlock({
        caption: w.t('Champs protégés', 'Protected fields'),
        columns: [
          { title: w.t('Champ', 'Field'), isNumber: false },
          { title: w.t('Pourquoi', 'Why'), isNumber: false },
        ],
        rows: dataSheet.protectedFields.map(({ label, reason }) => [w.pick(label), w.pick(reason)]),
      }),
      ...(dataSheet.protectedFeatures.length === 0
        ? []
        : [
            prose(
              w.t(
                `Variables écartées parce qu’elles en découlent : ${w.list(dataSheet.protectedFeatures.map(({ label }) => w.pick(label)))}.`,
                `Features left out because they derive from them: ${w.list(dataSheet.protectedFeatures.map(({ label }) => w.pick(label)))}.`,
              ),
            ),
          ]),
      heading(w.t('Variables', 'Features')),
      tableBlock({
        caption: w.t('Tout ce que le modèle peut voir', 'All that the model may see'),
        columns: [
          { title: w.t('Variable', 'Feature'), isNumber: false },
          { title: w.t('Plage vue', 'Range seen'), isNumber: false },
          { title: w.t('Inconnue', 'Unknown'), isNumber: true },
          { title: w.t('Sens attendu', 'Expected direction'), isNumber: false },
        ],
        rows: dataSheet.features.map(({ label, range, missingShare, monotoneDirection }) => [
          w.pick(label),
          range === null ? '–' : w.pick(range),
          w.pct(missingShare),
          monotoneDirection === null
            ? '–'
            : monotoneDirection === 'increases-risk'
              ? w.t('augmente le risque', 'increases risk')
              : w.t('diminue le risque', 'decreases risk'),
        ]),
      }),
    ],
  };
};
