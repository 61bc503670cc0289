import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';

/**
 * ESLint holds the house's walls and Vue's templates; oxlint checks everything else.
 * Imports go one way: frontend → contracts; services → libs; platform → contracts; credit → contracts and tree-ensemble;
 * tree-ensemble → nothing; standalone → services; tools → the libs they need.
 */
const room = (name, mayImport) => ({ sourceTag: `room:${name}`, onlyDependOnLibsWithTags: mayImport.map((tag) => `room:${tag}`) });

const boundaries = [
  room('contracts', []),
  room('tree-ensemble', []),
  room('credit', ['contracts', 'tree-ensemble']),
  room('platform', ['contracts']),
  room('service', ['contracts', 'tree-ensemble', 'credit', 'platform']),
  room('frontend', ['contracts']),
  room('tools', ['contracts', 'credit', 'platform']),
  // What breaks a running platform and judges what it then did; drives the tools that start one.
  room('reliability', ['contracts', 'platform', 'tools']),
  // Walks through every page and state of a running platform: for pictures, and for the figures about pages.
  room('screenshots', ['contracts', 'tools']),
  room('standalone', ['contracts', 'platform', 'service', 'tools']),
  room('e2e', ['contracts', 'platform', 'standalone', 'tools', 'reliability', 'screenshots']),
  room('bench', ['contracts', 'tree-ensemble', 'credit', 'platform', 'standalone', 'tools', 'reliability', 'screenshots']),
];

/** Technology has one door each: `[package, files that may import it]`; packages of one technology share their door. */
const technologies = [
  ['onnxruntime-node', '**/onnx.*.ts'],
  ['@duckdb/node-api', '**/duckdb.*.ts'],
  ['@electric-sql/pglite', '**/pglite*.ts'],
  ['kafkajs', '**/kafka.*.ts'],
  ['redis', '**/redis.*.ts'],
  ['vega', '**/vega.*.ts'],
  ['vega-lite', '**/vega.*.ts'],
];
const restrict = (allowed) =>
  technologies
    .filter(([, file]) => file !== allowed)
    .map(([name, file]) => ({ group: [name, `${name}/*`], message: `${name} stands behind a port: only ${file} imports it.` }));
const nodeModules = { group: ['node:*'], message: 'This room is pure: no clock, disk, network or environment.' };

const pureRooms = ['libs/contracts/src/**/*.ts', 'libs/tree-ensemble/src/**/*.ts', 'libs/credit/src/**/*.ts'];
/** With what only specs import: neither is built. */
const specs = ['**/*.spec.ts', '**/*.testing.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.lisible/**', '**/*.json', '**/*.kernel.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.js', '**/*.vue'],
    plugins: { '@nx': nx },
    languageOptions: { parser: tseslint.parser },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, banTransitiveDependencies: false, allow: [], depConstraints: boundaries },
      ],
    },
  },
  { files: ['**/src/**/*.ts'], ignores: specs, rules: { 'no-restricted-imports': ['error', { patterns: restrict('') }] } },
  ...technologies.map(([, file]) => ({ files: [file], rules: { 'no-restricted-imports': ['error', { patterns: restrict(file) }] } })),
  { files: pureRooms, ignores: specs, rules: { 'no-restricted-imports': ['error', { patterns: [...restrict(''), nodeModules] }] } },
  // The one door to threads: a training is pure, and uses more than one core.
  {
    files: ['libs/tree-ensemble/src/learn/threads.node.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [...restrict(''), { ...nodeModules, group: ['node:*', '!node:worker_threads'] }] }] },
  },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['frontend/**/*.vue'] })),
  {
    files: ['frontend/**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // Layout is prettier's.
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/no-v-html': 'error',
    },
  },
);
