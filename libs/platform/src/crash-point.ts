/** Named places where a test kills the process. */
export const crashPointNames = ['before-prepare', 'after-prepare', 'before-commit', 'after-commit', 'before-wake', 'after-receive', 'before-rename', 'after-rename'] as const;
export type CrashPointName = (typeof crashPointNames)[number];

/** Called at each named place. */
export type CrashPoint = (name: CrashPointName) => void;

/** Production: nothing happens. */
export const noCrash: CrashPoint = () => undefined;
