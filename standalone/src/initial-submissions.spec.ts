import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { batchSize, httpApplicationDoor, readUnlabelledApplications, submitApplications } from './initial-submissions.ts';
import type { ApplicationDoor } from './initial-submissions.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ applicationId: `a-${index}`, body: `{"applicationId":"a-${index}"}` }));

/** A door that remembers, refuses some for good and dies after so many answers. */
class Door implements ApplicationDoor {
  readonly received = new Set<string>();
  posts = 0;
  lookUps = 0;
  diesAfter = Number.POSITIVE_INFINITY;
  private readonly refused: ReadonlySet<string>;

  constructor(refused: ReadonlySet<string> = new Set()) {
    this.refused = refused;
  }

  isReceived(applicationId: string): Promise<boolean> {
    this.lookUps += 1;
    return Promise.resolve(this.received.has(applicationId));
  }

  submit(applicationId: string): Promise<boolean> {
    if (this.posts >= this.diesAfter) return Promise.reject(new Error('killed'));
    this.posts += 1;
    if (this.refused.has(applicationId)) return Promise.resolve(false);
    this.received.add(applicationId);
    return Promise.resolve(true);
  }
}

const run = (applications: ReturnType<typeof rows>, door: Door) =>
  submitApplications(applications, door, () => undefined, new AbortController().signal);

describe('the initial submission', () => {
  it('hands everything over, however often and wherever it was killed before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.nat(120), { maxLength: 5 }),
        fc.uniqueArray(fc.nat(199), { maxLength: 20 }),
        async (count, kills, refusedIndexes) => {
          const refused = new Set(refusedIndexes.map((index) => `a-${index}`));
          const applications = rows(count);
          const door = new Door(refused);
          for (const diesAfter of kills) {
            door.diesAfter = door.posts + diesAfter;
            await run(applications, door).catch(() => undefined);
          }
          door.diesAfter = Number.POSITIVE_INFINITY;
          await run(applications, door);
          expect([...door.received].sort()).toEqual(
            applications
              .map(({ applicationId }) => applicationId)
              .filter((id) => !refused.has(id))
              .sort(),
          );
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it('asks and sends little once everything is there', async () => {
    const applications = rows(2000);
    const door = new Door();
    await run(applications, door);
    door.posts = 0;
    door.lookUps = 0;
    await run(applications, door);
    expect(door.posts).toBeLessThanOrEqual(batchSize);
    expect(door.lookUps).toBeLessThanOrEqual(batchSize);
  });

  it('counts what the catalogue refuses', async () => {
    await expect(run(rows(40), new Door(new Set(['a-3', 'a-39'])))).resolves.toEqual({ submitted: 38, refused: 2, total: 40 });
  });

  it('stops between two batches when the platform stops', async () => {
    const door = new Door();
    const stopping = new AbortController();
    await submitApplications(rows(100), door, () => stopping.abort(), stopping.signal);
    expect(door.received.size).toBe(batchSize);
  });
});

describe('the door as the initial submission meets it', () => {
  const at = async (answers: readonly number[], meet: (door: ApplicationDoor) => Promise<void>): Promise<void> => {
    const remaining = [...answers];
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(remaining.shift() ?? 500).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const door = httpApplicationDoor(`http://127.0.0.1:${port}`, 'token', () => Promise.resolve());
    try {
      await meet(door);
      expect(remaining).toEqual([]);
    } finally {
      await door.close();
      server.close();
    }
  };

  it.each([400, 413, 422])('goes on after an application that is refused for good with %i', (status) =>
    at([status], async (door) => expect(await door.submit('a-1', '{}')).toBe(false)),
  );

  it('waits for a door that cannot serve for now, and hands over then', () =>
    at([503, 429, 202, 503, 404], async (door) => {
      expect(await door.submit('a-1', '{}')).toBe(true);
      expect(await door.isReceived('a-1')).toBe(false);
    }));

  it('gives up on a door that stays shut, and on one that does not know it', async () => {
    await at([503, 503, 503, 503, 503, 503], (door) => expect(door.submit('a-1', '{}')).rejects.toThrow('answered 503 to application a-1'));
    await at([401], (door) => expect(door.submit('a-1', '{}')).rejects.toThrow('answered 401'));
  });
});

describe('the new applications of a snapshot', () => {
  it('are called damaged without a word of what they hold', async () => {
    const files: Readonly<Record<string, string>> = {
      'snapshots/current.json': '{"snapshotId":"s1","publishedAt":"2026-11-01T00:00:00.000Z"}',
      'snapshots/s1/unlabelled.ndjson': '{"applicationId":"a-1"}\n{"applicationId":"a-2","lastName":"Durand',
    };
    const read = readUnlabelledApplications({
      find: (key) => Promise.resolve(files[key] === undefined ? null : Buffer.from(files[key])),
    });
    await expect(read).rejects.toThrow(/^line 2 of the new applications of snapshot s1 is damaged$/);
  });
});
