// What browsers report, as people would say it.
import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import type { CspReport } from './model';
import { isOfExtension, reportWords, sourceWords, whatOf } from './report-words';

const { t } = i18next;

function report(directive: string, blocked: string, more: Partial<CspReport> = {}): CspReport {
  return {
    id: '1',
    page: '/account',
    directive,
    blocked,
    source: '',
    line: null,
    seen: 1,
    first_seen_at: '2026-05-03T10:00:00Z',
    last_seen_at: '2026-05-03T10:00:00Z',
    ...more,
  };
}

it.each([
  ['img-src', 'https://evil.example', 'An image from https://evil.example'],
  ['script-src-elem', 'https://evil.example', 'A script from https://evil.example'],
  ['script-src-attr', 'inline', 'A script written into the page'],
  ['script-src', 'eval', 'A script made from text'],
  ['script-src', 'chrome-extension:', 'A script from a browser extension'],
  ['style-src-elem', 'inline', 'A style written into the page'],
  ['font-src', 'data:', 'A font without an address'],
  ['connect-src', 'https://evil.example', 'A connection to https://evil.example'],
  ['form-action', 'https://evil.example', 'A form to https://evil.example'],
  ['frame-src', '', 'A page inside the page'],
  ['media-src', 'https://a.example', 'Audio or video from https://a.example'],
  ['worker-src', '/worker.js', 'A script in the background from /worker.js'],
  ['frame-ancestors', '/account', 'The page itself, inside a page of another site'],
  [
    'require-trusted-types-for',
    'trusted-types-sink',
    'Text that would have become part of the page unchecked',
  ],
  [
    'trusted-types',
    'trusted-types-policy',
    'Text that would have become part of the page unchecked',
  ],
  ['others', '', 'Other kinds, counted as one'],
  ['default-src', 'https://evil.example', 'Something from https://evil.example'],
  ['moon-src', '', 'Something'],
])('%s, %s', (directive, blocked, words) => {
  expect(reportWords(t, report(directive, blocked))).toBe(words);
});

it('does not take every directive for a script', () => {
  expect(whatOf('prefetch-src')).toBe('something');
});

describe('where it came from', () => {
  const source = (more: Partial<CspReport>) => sourceWords(t, report('img-src', '', more));

  it('is told as far as it is known', () => {
    expect(source({ source: '/assets/app.js', line: 12 })).toBe('/assets/app.js, line 12');
    expect(source({ source: '/assets/app.js' })).toBe('/assets/app.js');
    expect(source({ line: 12 })).toBe('line 12');
    expect(source({})).toBeUndefined();
  });

  it('may be a browser extension', () => {
    for (const source of ['chrome-extension:', 'moz-extension:', 'safari-web-extension:']) {
      expect(isOfExtension(report('img-src', '', { source }))).toBe(true);
    }
    expect(isOfExtension(report('img-src', '', { source: '/extension:x' }))).toBe(false);
  });
});
