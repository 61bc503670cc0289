import type { RunningServices, ServiceProcess } from '@lisible/runner';

/** The platform as separate processes; nobody but us restarts what dies. */
export type Fleet = RunningServices;
export type FleetProcess = ServiceProcess;

export const nameOf = ({ service, replica }: Pick<FleetProcess, 'service' | 'replica'>): string => `${service}-${replica}`;

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
};

export const isAnswering = async (url: string): Promise<boolean> => {
  try {
    await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(3_000) });
    return true;
  } catch {
    return false;
  }
};
