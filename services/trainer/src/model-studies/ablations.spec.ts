import { historyTablesOf, homeCreditCatalogue, modelFeatureNames, tablesBehind } from '@lisible/credit';
import { applicationTable, featureGroups } from './ablations.ts';

const catalogue = homeCreditCatalogue;
const groupsOf = (featureNames: readonly string[], kind: 'reason-group' | 'raw-table') =>
  featureGroups(catalogue, featureNames).filter((group) => group.kind === kind);

describe('groups of features to leave out', () => {
  it('take each feature once by reason', () => {
    const featureNames = modelFeatureNames(catalogue);
    const groups = groupsOf(featureNames, 'reason-group');
    expect(groups.flatMap((group) => group.featureNames).toSorted()).toEqual(featureNames.toSorted());
    expect(groups.find(({ group }) => group === 'EXTERNAL_SCORES')?.featureNames).toContain('externalScore2');
  });

  it('name no table where only the application is learnt from: leaving it out would leave nothing', () => {
    expect(groupsOf(modelFeatureNames(catalogue), 'raw-table')).toEqual([]);
  });

  it('take every feature that reads a history table, and the application by itself', () => {
    const tables = historyTablesOf(catalogue);
    const featureNames = modelFeatureNames(catalogue, tables);
    const groups = groupsOf(featureNames, 'raw-table');
    const used = new Set(
      featureNames.flatMap((name) => [
        ...tablesBehind(
          catalogue,
          catalogue.features.find((feature) => feature.name === name)!,
        ),
      ]),
    );
    expect(used.size).toBeGreaterThan(0);
    expect(groups.map(({ group }) => group).toSorted()).toEqual([...used, applicationTable].toSorted());
    for (const { group, featureNames: names } of groups) {
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const behind = tablesBehind(
          catalogue,
          catalogue.features.find((feature) => feature.name === name)!,
        );
        expect(group === applicationTable ? behind.size === 0 : behind.has(group)).toBe(true);
      }
    }
  });
});
