// End-to-end tests against a running server: MAINSTAY_URL=http://127.0.0.1:8080 npm run e2e
import { defineConfig } from '@playwright/test';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How pages look and what browsers make of them: the same whatever database is behind. */
const appearance = [
  'accessibility.spec.ts',
  'csp.spec.ts',
  'keyboard.spec.ts',
  'long-words.spec.ts',
  'password-managers.spec.ts',
  'releases-pages.spec.ts',
  'security-pages.spec.ts',
  'small-screen.spec.ts',
];

const jsonReport = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  // One at a time: the tests share a server, its mailbox and its rate limits.
  workers: 1,
  retries: 0,
  reporter: jsonReport === undefined ? 'list' : [['list'], ['json', { outputFile: jsonReport }]],
  expect: { timeout: 10_000 },
  use: {
    baseURL: process.env.MAINSTAY_URL ?? 'http://127.0.0.1:8080',
    locale: 'en-GB',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: quiet,
    },
  },
  projects: [
    // The administrator that other tests sign in as.
    { name: 'setup', testMatch: 'setup.spec.ts', use: { browserName: 'chromium' } },
    {
      name: 'flows',
      testIgnore: ['setup.spec.ts', ...appearance],
      dependencies: ['setup'],
      use: { browserName: 'chromium' },
    },
    {
      name: 'appearance',
      testMatch: appearance,
      dependencies: ['setup'],
      use: { browserName: 'chromium' },
    },
  ],
});
