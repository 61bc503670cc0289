import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

export const snapshotFolder = join(import.meta.dirname, '../../snapshots');
const screenshots = join(import.meta.dirname, '../../screenshots');
export const isUpdating = process.env['UPDATE_SNAPSHOTS'] === '1';

/**
 * Two Chromium versions may draw the edges of one letter differently: edges are not counted (pixelmatch knows them), and in any square of 32 pixels
 * one in twelve may differ. What is gone, has moved or has another colour makes more of one place differ.
 */
const tolerance = { colour: 0.1, square: 32, shareOfSquare: 1 / 12, pixelsOfSize: 2 } as const;

export interface PictureDifference {
  readonly isTolerated: boolean;
  readonly words: string;
}

/** How far a picture is from the one that was kept; a difference that is not tolerated is drawn into the folder of screenshots. */
export function comparePicture(name: string, png: Buffer): PictureDifference {
  const file = join(snapshotFolder, `${name}.png`);
  if (!existsSync(file)) return { isTolerated: false, words: `${name} was never kept: UPDATE_SNAPSHOTS=1 keeps it` };
  const [kept, now] = [PNG.sync.read(readFileSync(file)), PNG.sync.read(png)];
  const [width, height] = [Math.min(kept.width, now.width), Math.min(kept.height, now.height)];
  const cut = (from: PNG): PNG => {
    const part = new PNG({ width, height });
    PNG.bitblt(from, part, 0, 0, width, height, 0, 0);
    return part;
  };
  const difference = new PNG({ width, height });
  const greatest = pixelmatch(cut(kept).data, cut(now).data, difference.data, width, height, {
    threshold: tolerance.colour,
    includeAA: false,
    windowSize: tolerance.square,
  });
  const share = greatest / tolerance.square ** 2;
  const apart = Math.max(Math.abs(kept.width - now.width), Math.abs(kept.height - now.height));
  const isTolerated = share <= tolerance.shareOfSquare && apart <= tolerance.pixelsOfSize;
  if (!isTolerated) {
    writeFileSync(join(screenshots, `snapshot-${name}-now.png`), png);
    writeFileSync(join(screenshots, `snapshot-${name}-difference.png`), PNG.sync.write(difference));
  }
  const sizes = `${kept.width} × ${kept.height} kept, ${now.width} × ${now.height} now`;
  return { isTolerated, words: `${name}: ${(share * 100).toFixed(1)} % of one square differs; ${sizes}` };
}
