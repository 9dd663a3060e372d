import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer, type ViteDevServer } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Roadbook</title><link rel="icon" href="data:,"></head>
<body><div id="root"></div><script type="module" src="/tests/pictures/page.ts"></script></body></html>`;

/** A development server for the window alone, on a free loopback port. */
export async function servePictures(port = 0): Promise<{ url: string; server: ViteDevServer }> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'warn',
    appType: 'custom',
    cacheDir: `${root}node_modules/.cache/pictures`,
    plugins: [
      react(),
      {
        name: 'picture-page',
        configureServer(dev) {
          dev.middlewares.use('/window', (request, response, next) => {
            dev
              .transformIndexHtml(request.originalUrl ?? '/window', html)
              .then((page) => response.setHeader('content-type', 'text/html').end(page), next);
          });
        },
      },
    ],
    server: { port, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (address === null || address === undefined || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/window`, server };
}
