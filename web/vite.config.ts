// How the web UI is built, served while developing, and tested.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers that know light-dark() and nesting, so the CSS ships as written.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The content security policy allows files from this origin and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Libraries change less often than pages: in a file of their own they stay cached.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } },
    },
  },
  server: {
    proxy: { '/api': server, '/docs': server },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
