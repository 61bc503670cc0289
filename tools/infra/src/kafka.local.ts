import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalContext, LocalPart } from './local-part.ts';
import { canRun, createUnfinishedData, findProgram, runToEnd } from './local-part.ts';
import type { Environment } from './parts.ts';

const committed = (name: string): string => fileURLToPath(new URL(`../kafka/${name}`, import.meta.url));
const oldestJava = 17;

const findJava = (environment: Environment): string | null => {
  const named = join(environment['JAVA_HOME'] ?? '', 'bin', 'java');
  return environment['JAVA_HOME'] !== undefined && canRun(named) ? named : findProgram('java', environment);
};

/** The release from what `java --version` prints (`openjdk 17.0.15 2025-04-15`); null when it cannot be told. */
export function parseJavaRelease(text: string): number | null {
  const release = /^\S+ (\d+)/.exec(text)?.[1];
  return release === undefined ? null : Number(release);
}

async function requireJava(environment: Environment): Promise<string> {
  const java = findJava(environment);
  if (java === null) throw new Error('no Java here (Debian: default-jre-headless)');
  // Java 8 does not know --version, and fails.
  const release = parseJavaRelease(await runToEnd(java, ['--version']).catch(() => ''));
  if (release === null || release < oldestJava) {
    throw new Error(`${java} is ${release === null ? 'too old' : `Java ${release}`}: a broker of Kafka 4 needs ${oldestJava} or newer`);
  }
  return java;
}

/** Where the class path of the pinned jars is kept: another pom.xml is another file. */
const classPathFile = (folder: string): string => {
  const hash = createHash('sha256')
    .update(readFileSync(committed('pom.xml')))
    .digest('hex');
  return join(folder, `class-path-${hash.slice(0, 12)}.txt`);
};

/** Null when the jars were not resolved yet, or some have gone since. */
const findClassPath = (folder: string): string | null => {
  const file = classPathFile(folder);
  if (!existsSync(file)) return null;
  const classPath = readFileSync(file, 'utf8').trim();
  return classPath.split(delimiter).every((jar) => existsSync(jar)) ? classPath : null;
};

async function resolveClassPath({ folder, environment, onStep }: LocalContext): Promise<string> {
  const known = findClassPath(folder);
  if (known !== null) return known;
  const maven = findProgram('mvn', environment);
  if (maven === null) throw new Error('no Maven here, which fetches the broker (Debian: maven)');
  onStep('fetching the broker by Maven (once, about 70 MB)');
  const file = classPathFile(folder);
  const unfinished = `${file}.new`;
  // Strict: a jar whose checksum does not match fails the command instead of printing a warning.
  const quietly = ['--batch-mode', '--quiet', '--no-transfer-progress', '--strict-checksums', '--file', committed('pom.xml')];
  await runToEnd(maven, [...quietly, 'dependency:build-classpath', '-Dmdep.includeScope=runtime', `-Dmdep.outputFile=${unfinished}`]);
  renameSync(unfinished, file);
  const classPath = findClassPath(folder);
  if (classPath === null) throw new Error('Maven named jars that are not there');
  return classPath;
}

/** The settings of one node on loopback, from the committed ones. */
export function renderServerProperties(
  common: string,
  { port, controllerPort, dataFolder }: { port: number; controllerPort: number; dataFolder: string },
): string {
  return `${common.trimEnd()}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
# Named here, not kept in the data folder: the controller's port may change between two starts.
controller.quorum.voters=1@127.0.0.1:${controllerPort}
log.dirs=${dataFolder}
`;
}

/** 16 random bytes as Kafka writes a Uuid; one that begins with a dash would read as an option. */
function createClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

export const localKafka: LocalPart = {
  name: 'kafka',
  stopSignal: 'SIGTERM',
  patienceMs: 120_000,
  findMissing: (environment) => [
    ...(findJava(environment) === null ? ['java (default-jre-headless)'] : []),
    ...(findProgram('mvn', environment) === null ? ['mvn (maven)'] : []),
  ],
  findVersion: (folder) => /kafka_2\.13-([\d.]+)\.jar/.exec(findClassPath(folder) ?? '')?.[1] ?? null,
  isPassing: () => false,
  async prepare(context) {
    const { folder, record, environment, onStep } = context;
    const java = await requireJava(environment);
    const classPath = await resolveClassPath(context);
    const common = readFileSync(committed('server.properties'), 'utf8');
    const ports = { port: record.ports.kafka, controllerPort: record.ports.kafkaController };
    const dataFolder = join(folder, 'data');
    if (!existsSync(dataFolder)) {
      onStep('formatting its data folder');
      const unfinished = createUnfinishedData(folder);
      const formatFile = join(folder, 'format.properties');
      writeFileSync(formatFile, renderServerProperties(common, { ...ports, dataFolder: unfinished }));
      const quiet = `-Dlog4j2.configurationFile=${committed('log4j2.properties')}`;
      await runToEnd(java, ['-cp', classPath, quiet, 'kafka.tools.StorageTool', 'format', '--cluster-id', createClusterId(), '--config', formatFile]);
      renameSync(unfinished, dataFolder);
      rmSync(formatFile);
    }
    const serverFile = join(folder, 'server.properties');
    writeFileSync(serverFile, renderServerProperties(common, { ...ports, dataFolder }));
    onStep('starting the broker');
    return {
      file: java,
      parameters: [
        // Enough for a test's topics; by default the JVM takes a quarter of the machine.
        '-Xms256m',
        '-Xmx512m',
        // A broker out of memory must be seen to be down, not limp.
        '-XX:+ExitOnOutOfMemoryError',
        '-Djava.awt.headless=true',
        `-Dlog4j2.configurationFile=${committed('log4j2.properties')}`,
        '-cp',
        classPath,
        'kafka.Kafka',
        serverFile,
      ],
      account: null,
    };
  },
};
