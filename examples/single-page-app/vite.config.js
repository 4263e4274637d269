import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2023',
    // The tests build it elsewhere.
    outDir: process.env.OUT_DIR ?? 'dist',
    emptyOutDir: true,
    // The modules of the SDK export types too, which JavaScript does not have.
    rolldownOptions: { shimMissingExports: true },
  },
});
