import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a server: `belvedere serve --demo` as it starts by default.
const SERVER = process.env['BELVEDERE_URL'] ?? 'http://127.0.0.1:19999';

export default defineConfig({
  base: '/api-explorer/',
  build: {
    outDir: '../target/web/dist',
    emptyOutDir: true,
    // Everything is a file of its own: the pages allow nothing inline, data: addresses included.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the licences of the parts ask for: their texts go along.
    license: { fileName: 'licenses.md' },
    rolldownOptions: { checks: { pluginTimings: false } },
    target: 'es2023',
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    proxy: {
      '/api/': SERVER,
      '/api-docs': SERVER,
      '/api-explorer/editions.json': SERVER,
      '/auth': SERVER,
      '/versions': SERVER,
      // Where the sign-in page leads back to: this page, which stands a slash further here.
      '^/api-explorer(\\?|$)': { target: SERVER, bypass: ({ url }) => url?.replace('/api-explorer', '/api-explorer/') },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
