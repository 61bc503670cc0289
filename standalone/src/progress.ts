import { Presets, SingleBar } from 'cli-progress';

/** Long work seen by a person: a bar in a terminal, plain lines elsewhere (logs, continuous integration). */
export interface Progress {
  /** `share` of the whole in 0..1; `message` says what is being done. */
  report(share: number, message: string): void;
  /** Lines that stay above what comes. */
  note(lines: readonly string[]): void;
  /** Ends the display; `message` stays. */
  end(message: string): void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export const showProgress = (title: string, output: NodeJS.WriteStream | ProgressOutput = process.stdout): Progress => {
  if (output.isTTY === true && 'columns' in output) return barProgress(title, output);
  return lineProgress(title, output);
};

const barProgress = (title: string, stream: NodeJS.WriteStream): Progress => {
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage} %  {message}`, stream, hideCursor: true, clearOnComplete: true, gracefulExit: false },
    Presets.shades_classic,
  );
  bar.start(100, 0, { message: '' });
  return {
    report: (share, message) => bar.update(Math.round(share * 100), { message }),
    note: (lines) => {
      bar.stop();
      stream.write(lines.map((line) => `${title}: ${line}\n`).join(''));
      bar.start(100, 0, { message: '' });
    },
    end: (message) => {
      bar.stop();
      stream.write(`${title}: ${message}\n`);
    },
  };
};

/** One line for every ten percent or new kind of work, so that a log stays readable. */
const lineProgress = (title: string, output: ProgressOutput): Progress => {
  let lastWork = '';
  let lastTenth = -1;
  return {
    report: (share, message) => {
      const tenth = Math.floor(share * 10);
      // "fold 2 of 5, round 41" and "fold 2 of 5, round 48" are the same work.
      const work = message.replaceAll(/\d+/g, '');
      if (work === lastWork && tenth === lastTenth) return;
      lastWork = work;
      lastTenth = tenth;
      output.write(`${title}: ${String(Math.round(share * 100)).padStart(3)} %  ${message}\n`);
    },
    note: (lines) => void output.write(lines.map((line) => `${title}: ${line}\n`).join('')),
    end: (message) => output.write(`${title}: ${message}\n`),
  };
};
