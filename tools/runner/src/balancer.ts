import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/** What an orchestrator puts before the replicas of a service: one address, each new connection to the next replica that answers. */
export interface Balancer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  close(): Promise<void>;
}

export async function openBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let next = 0;
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    next += 1;
    reach(client, ports, next, ports.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Joins the client to a replica, or to the next one where nobody listens. */
const reach = (client: Socket, ports: readonly number[], first: number, tries: number): void => {
  const port = ports[first % ports.length];
  if (port === undefined || tries === 0) {
    client.destroy();
    return;
  }
  const replica = connect(port, '127.0.0.1');
  const refused = (): void => reach(client, ports, first + 1, tries - 1);
  replica.once('error', refused);
  replica.once('connect', () => {
    replica.off('error', refused);
    replica.on('error', () => client.destroy());
    client.once('close', () => replica.destroy());
    replica.once('close', () => client.destroy());
    client.pipe(replica).pipe(client);
  });
};
