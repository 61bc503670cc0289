/** `compose.yaml` and what it mounts, held against what the services read, where they listen and what they measure: no engine runs it here. */
import { clientProfileProcess } from '@lisible/client-profile';
import { metricNames, serviceNames } from '@lisible/contracts';
import { explainerProcess } from '@lisible/explainer';
import { gatewayProcess } from '@lisible/gateway';
import { environmentSchemaOf } from '@lisible/platform';
import { scoringProcess } from '@lisible/scoring';
import { trainerProcess } from '@lisible/trainer';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Container {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly extends?: { readonly file: string; readonly service: string };
  readonly network_mode?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose: Compose = parse(read('compose.yaml'), { merge: true });
const infra: Compose = parse(read('tools/infra/compose.infra.yaml'));
const example = read('.env.example');

/** Secrets that .env.example asks for, and that nothing gives a default. */
const secrets = [...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => name!);
const filled = Object.fromEntries(secrets.map((name) => [name, 'secret-of-a-spec-'.padEnd(40, name)]));
/** As Compose does it: `${NAME:?words}`, `${NAME:-default}`, `$$`. */
const interpolate = (text: string): string =>
  text.replaceAll(/\$\$|\$\{(\w+)(?::([?-])([^}]*))?\}/g, (whole, name: string, kind: string, rest: string) => {
    if (whole === '$$') return '$';
    const value = filled[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} has no value`);
    return value;
  });
const environmentOf = (name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(compose.services[name]?.environment ?? {}).map(([key, value]) => [key, interpolate(value)]));

const processes = [gatewayProcess, clientProfileProcess, scoringProcess, explainerProcess, trainerProcess];
const portOf = (name: string): string => environmentOf(name)['PORT']!;

describe('compose.yaml', () => {
  it.each(processes.map((service) => [service.name, service] as const))(
    'gives %s an environment that it reads, and nothing else',
    (name, service) => {
      const schema = environmentSchemaOf(service);
      const environment = environmentOf(name);
      expect(Object.keys(environment).filter((key) => !(key in schema.shape))).toEqual([]);
      expect(schema.safeParse(environment).error?.issues ?? []).toEqual([]);
      expect(compose.services[name]?.command).toEqual([`services/${name}/dist/main.js`]);
      expect(existsSync(join(root, `services/${name}/src/main.ts`))).toBe(true);
    },
  );

  it('leads each address to a container that listens there', () => {
    const addresses = serviceNames.flatMap((name) =>
      Object.entries(environmentOf(name)).flatMap(([key, value]) => (/^(\w+)_URL$/.test(key) ? [[key, new URL(value)] as const] : [])),
    );
    const ports: Readonly<Record<string, string>> = { postgresql: '5432', redis: '6379' };
    expect(addresses).toHaveLength(12);
    for (const [key, { hostname, port }] of addresses) expect([key, port]).toEqual([key, ports[hostname] ?? portOf(hostname)]);
    for (const name of ['client-profile', 'scoring', 'explainer', 'trainer'] as const)
      expect(environmentOf('gateway')[`${name.replace('-', '_').toUpperCase()}_URL`]).toBe(`http://${name}:${portOf(name)}`);
    for (const name of serviceNames) {
      const kafka = compose.services['kafka']!.environment!['KAFKA_ADVERTISED_LISTENERS']!;
      expect(kafka).toContain(`INSIDE://${environmentOf(name)['KAFKA_BROKERS']}`);
      expect(compose.services[name]!.healthcheck!.test!.join(' ')).toContain(`127.0.0.1:${portOf(name)}/health/live`);
    }
  });

  it('gives each service the role and the password that the preparation gives it', () => {
    const preparation = environmentOf('database');
    for (const name of serviceNames.filter((service) => service !== 'gateway')) {
      const schema = name.replaceAll('-', '_');
      const { username, password, pathname } = new URL(environmentOf(name)['DATABASE_URL']!);
      expect([username, password]).toEqual([`lisible_${schema}`, preparation[`${schema.toUpperCase()}_DATABASE_PASSWORD`]]);
      expect(pathname).toBe(new URL(preparation['DATABASE_URL']!).pathname);
    }
    const { POSTGRES_USER, POSTGRES_DB } = infra.services['postgresql']!.environment!;
    const { username, pathname } = new URL(preparation['DATABASE_URL']!);
    expect([username, pathname]).toEqual([POSTGRES_USER, `/${POSTGRES_DB}`]);
    expect(new Set(Object.keys(preparation))).toEqual(
      new Set([...read('tools/database/src/main.ts').matchAll(/^ {2}(\w+): (?:password|z\.)/gm)].map(([, key]) => key)),
    );
  });

  it('lets browser and gateway know the demo issuer by one address', () => {
    const issuer = environmentOf('demo-issuer');
    const gateway = compose.services['gateway']!;
    expect(compose.services['demo-issuer']!.network_mode).toBe('service:gateway');
    expect(environmentOf('gateway')['OIDC_ISSUER']).toBe(`http://${issuer['HOST']}:${issuer['PORT']}/demo-issuer`);
    expect(gateway.ports).toContain(`127.0.0.1:${issuer['PORT']}:${issuer['PORT']}`);
    expect(gateway.ports!.map(interpolate)).toContain(`${new URL(issuer['DASHBOARD_ORIGINS']!).host}:${portOf('gateway')}`);
    const listened = read('tools/demo-issuer/src/main.ts');
    for (const key of Object.keys(issuer)) expect(listened).toMatch(new RegExp(`^ {4}${key}: z`, 'm'));
  });

  it('holds no secret: each comes from .env, which asks for no other', () => {
    const required = [...read('compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(secrets));
    for (const [name, { environment = {} }] of Object.entries(compose.services))
      for (const [key, value] of Object.entries(environment))
        if (/TOKEN|PASSWORD|SECRET/.test(key)) expect([name, key, value]).toEqual([name, key, expect.stringMatching(/^\$\{\w+:\?[^}]+\}$/)]);
    expect(read('.dockerignore')).toContain('**/.env*');
    const settings = [...read('compose.yaml').matchAll(/\$\{(\w+):-/g), ...read('tools/infra/compose.infra.yaml').matchAll(/\$\{(\w+):-/g)];
    for (const [, name] of settings) expect(secrets.includes(name!) || example.includes(`\n# ${name}=`) ? null : name).toBeNull();
  });

  it('pins every image, publishes on loopback alone, and asks each container whether it is well', () => {
    for (const [name, container] of Object.entries(compose.services)) {
      const base = container.extends === undefined ? {} : infra.services[container.extends.service]!;
      const { image, ports = [], healthcheck } = { ...base, ...container };
      if (container.build === undefined) expect([name, image]).toEqual([name, expect.stringMatching(/^[\w./-]+:v?\d+\.\d+\.?\d*$/)]);
      else expect([name, read('Dockerfile')]).toEqual([name, expect.stringContaining(` AS ${container.build.target}\n`)]);
      for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
      expect([name, healthcheck?.disable === true || healthcheck?.test !== undefined]).toEqual([name, true]);
      for (const [other, { condition }] of Object.entries(container.depends_on ?? {})) {
        const asked = compose.services[other]!;
        expect([name, other, asked.healthcheck?.disable ?? false]).toEqual([name, other, condition === 'service_completed_successfully']);
      }
      const named = [...(base.volumes ?? []), ...(container.volumes ?? [])].map(interpolate).map((volume) => volume.split(':')[0]!);
      for (const volume of named)
        if (/^\w+$/.test(volume)) expect(Object.keys(compose.volumes)).toContain(volume);
        else if (volume.startsWith('./tools/')) expect([name, volume, existsSync(join(root, volume))]).toEqual([name, volume, true]);
    }
    expect(read('Dockerfile')).toContain(`ARG NODE_IMAGE=node:${JSON.parse(read('package.json')).devDependencies.node}-`);
  });
});

describe('what Prometheus and Grafana are given', () => {
  const scraped: {
    readonly scrape_configs: readonly {
      readonly job_name: string;
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
      readonly oauth2?: { readonly token_url: string };
    }[];
  } = parse(read('tools/compose/prometheus.yml'));

  it('is a job for each service, where it listens, and the token of the door', () => {
    const targets = scraped.scrape_configs.map(({ job_name, static_configs }) => [job_name, static_configs.flatMap(({ targets: own }) => own)]);
    expect(Object.fromEntries(targets)).toEqual(Object.fromEntries(serviceNames.map((name) => [name, [`${name}:${portOf(name)}`]])));
    const { port, pathname } = new URL(environmentOf('gateway')['OIDC_ISSUER']!);
    expect(scraped.scrape_configs.find(({ job_name }) => job_name === 'gateway')?.oauth2?.token_url).toBe(`http://gateway:${port}${pathname}/token`);
  });

  it('asks in its panels for metrics that exist, of the data source that is there', () => {
    const folder = 'tools/compose/grafana/dashboards';
    const known = new Set<string>(Object.values(metricNames));
    const exists = (name: string): boolean =>
      known.has(name) || (/_seconds_(bucket|count|sum)$/.test(name) && known.has(name.replace(/_[a-z]+$/, '')));
    const { uid } = parse(read('tools/compose/grafana/provisioning/datasources/prometheus.yaml')).datasources[0];
    const targets = readdirSync(join(root, folder)).flatMap((file) => {
      const {
        panels,
      }: { readonly panels: readonly { readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[] }[] } =
        JSON.parse(read(join(folder, file)));
      return panels.flatMap((panel) => panel.targets);
    });
    expect(targets.length).toBeGreaterThan(5);
    for (const { expr, datasource } of targets) {
      const asked = expr.match(/lisible_\w+/g) ?? [];
      expect([expr, asked.length > 0, asked.filter((name) => !exists(name)), datasource.uid]).toEqual([expr, true, [], uid]);
    }
  });
});

describe('docs/running-apart.md', () => {
  it('tells of every variable that a service reads', () => {
    const told = read('docs/running-apart.md');
    const variables = processes.flatMap((service) => Object.keys(environmentSchemaOf(service).shape));
    expect(variables.filter((name) => !told.includes(`\`${name}\``))).toEqual([]);
  });
});

/** What a tool says of our files; null where it is not installed. */
const has = (command: string, ...words: readonly string[]): boolean => {
  try {
    execFileSync(command, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasCompose = has('docker', 'compose', 'version');
const hasPromtool = has('promtool', '--version');
if (!hasCompose) console.warn('compose.yaml WAS NOT READ BY DOCKER COMPOSE: it is not installed here.');
if (!hasPromtool) console.warn('prometheus.yml WAS NOT READ BY PROMTOOL: it is not installed here (Debian: prometheus).');

describe('their own tools', () => {
  (hasCompose ? it : it.skip)('accept compose.yaml', () => {
    execFileSync('docker', ['compose', '--file', join(root, 'compose.yaml'), 'config', '--quiet'], { env: { ...process.env, ...filled } });
  });
  (hasPromtool ? it : it.skip)('accept prometheus.yml', () => {
    execFileSync('promtool', ['check', 'config', '--syntax-only', join(root, 'tools/compose/prometheus.yml')]);
  });
});
