/**
 * Pictures of the screens without Electron: node tests/pictures/take.ts [scene ...] [--sizes 1440x900,1280x800]
 * Writes out/pictures/<scene>-<width>-<theme>.png. Needs Chromium (CHROMIUM, default /usr/bin/chromium).
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { demoNow } from '../factories/demo-records.ts';
import { scenes } from './scenes.ts';
import { servePictures } from './serve.ts';

const folder = fileURLToPath(new URL('../../out/pictures/', import.meta.url));
const flags = [
  '--headless=new',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const args = process.argv.slice(2);
const at = args.indexOf('--sizes');
const sizes = (at < 0 ? '1440x900,1280x800,1920x1080' : (args[at + 1] ?? ''))
  .split(',')
  .map((size) => size.split('x').map(Number));
const asked = (at < 0 ? args : args.toSpliced(at, 2)).filter((name) => !name.startsWith('--'));
const wanted = Object.entries(scenes).filter(
  ([name]) => asked.length === 0 || asked.some((part) => name.startsWith(part)),
);

await mkdir(folder, { recursive: true });
const { url, server } = await servePictures();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags,
});
try {
  for (const [width = 1440, height = 900] of sizes) {
    for (const theme of ['light', 'dark']) {
      const context = await browser.newContext({
        viewport: { width, height },
        timezoneId: 'UTC',
        colorScheme: theme === 'dark' ? 'dark' : 'light',
      });
      for (const [name, scene] of wanted) {
        const page = await context.newPage();
        page.setDefaultTimeout(25_000);
        page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning')
            console.error(`${name}: ${message.text()}`);
        });
        await page.clock.setFixedTime(new Date(demoNow));
        await page.goto(`${url}?theme=${theme}${scene.query === undefined ? '' : `&${scene.query}`}`);
        await page.evaluate(() => document.fonts.ready);
        // A scene that fails is photographed as it is: the picture shows why.
        await scene.play(page).catch((error: unknown) => {
          process.exitCode = 1;
          console.error(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
        });
        await page.screenshot({ path: `${folder}${name}-${width}-${theme}.png` });
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(`${wanted.length} scenes, ${sizes.length} sizes, two themes: ${folder}`);
