import { readFileSync, readdirSync } from 'node:fs';

/** Parent and resident memory of a process, from Linux' /proc; null where it has ended meanwhile. */
const readStatus = (pid: string): { readonly parent: string; readonly residentBytes: number } | null => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? '0';
    return { parent: field('PPid'), residentBytes: Number(field('VmRSS')) * 1024 };
  } catch {
    return null;
  }
};

/** Resident memory of a process and all that it started, bytes; pages that they share count for each of them. Linux only. */
export const residentBytesOfTree = (root: number): number => {
  const children = new Map<string, string[]>();
  const resident = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const status = readStatus(pid);
    if (status === null) continue;
    resident.set(pid, status.residentBytes);
    children.set(status.parent, [...(children.get(status.parent) ?? []), pid]);
  }
  const sum = (pid: string): number => (children.get(pid) ?? []).reduce((total, child) => total + sum(child), resident.get(pid) ?? 0);
  return sum(String(root));
};
