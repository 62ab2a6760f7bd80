// How the web UI is built, served while developing, and tested.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers that know light-dark() and nesting, so the CSS ships as written.
    // ASVS 3.7.1
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The content security policy allows files from this origin and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Word lists, large: only pages where a password is chosen ask for them.
            { name: 'password-strength', test: /node_modules\/(@zxcvbn-ts|fastest-levenshtein)\// },
            // What every page needs. It changes less often than pages: in a file of its own it stays
            // cached. Other libraries go with the pages that use them.
            {
              name: 'libraries',
              test: /node_modules\/(react|react-dom|scheduler|react-i18next|i18next|openapi-fetch|@tanstack)\//,
            },
          ],
        },
      },
    },
    // The word lists, once more.
    chunkSizeWarningLimit: 2000,
  },
  server: {
    proxy: { '/api': server, '/docs': server },
    // A test compares the words of pages with the source of the server. While developing, only web/ is served.
    ...(process.env.VITEST !== undefined && { fs: { allow: ['..'] } }),
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
