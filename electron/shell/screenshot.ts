import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BrowserWindow } from 'electron';

/** Fonts and first data settle within this time; a picture taken earlier shows a half-drawn page. */
const SETTLE_MS = 700;

/** Writes a PNG of the window as soon as it has painted its first screen. */
export async function saveScreenshot(window: BrowserWindow, file: string): Promise<void> {
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  const picture = await window.webContents.capturePage();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, picture.toPNG());
}
