// Whatever the server records has words here. The server's own source is asked: what is new there fails here.
import { describe, expect, it } from 'vitest';
import { auditEn } from '../../i18n/settings/audit-en';

const sources = import.meta.glob<string>(
  // `transfer` and `live` know no audit log, and a measurement records nothing.
  [
    '../../../../crates/*/src/**/*.rs',
    '!**/tests.rs',
    '!**/tests/**',
    '!**/testkit/**',
    '!../../../../crates/edge/src/gateway/costs.rs',
    '!../../../../crates/live/**',
    '!../../../../crates/transfer/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Objects that are no details of an entry: the file with what a person downloads of their data. */
const otherObjects = 'crates/accounts/src/departure.rs';

/** The modules of tests stand at the end of files. */
const program = (source: string) => source.split(/^#\[cfg\(test\)\]\nmod \w+ \{/m)[0] ?? '';

const files = Object.entries(sources).map(([path, source]) => ({
  path: path.replace(/^.*\/crates\//, 'crates/'),
  text: program(source),
}));

/** As `file: key`, so that a failure says where. */
const recorded = files
  .filter(({ path }) => path !== otherObjects)
  .flatMap(({ path, text }) =>
    [...text.matchAll(/json!\(\{([^{}]*)\}\)/g)].flatMap(([, inside = '']) =>
      [...inside.matchAll(/"([^"]+)"\s*:/g)].map(([, key = '']) => `${path}: ${key}`),
    ),
  );

const keyOf = (found: string) => found.slice(found.indexOf(': ') + 2);

const aboutEntries = files.filter(({ text }) => /\bEntry(::of_| \{)/.test(text));

describe('details', () => {
  it('are found in the source of the server', () => {
    expect(recorded).toContain('crates/server/src/refusals.rs: limit');
    expect(recorded).toContain('crates/server/src/refusals.rs: allowed');
    expect(recorded).toContain('crates/audit/src/ledger.rs: through');
    expect(recorded).toContain('crates/accounts/src/tokens/personal.rs: scopes');
    expect(new Set(recorded.map(keyOf)).size).toBeGreaterThan(15);
  });

  it('are written in a way that is found', () => {
    const hidden = files.filter(({ path, text }) => {
      if (path === otherObjects) return false;
      const objects = text.match(/json!\s*[([{]\s*\{/g) ?? [];
      return objects.length !== [...text.matchAll(/json!\(\{[^{}]*\}\)/g)].length;
    });
    expect(hidden.map(({ path }) => path)).toEqual([]);

    // Whoever gives details makes them in the same file.
    const given = aboutEntries.filter(({ text }) => /\.with\(|\bdetails: (?!Value\b)/.test(text));
    expect(given.length).toBeGreaterThan(10);
    const elsewhere = given.filter(({ text }) => !text.includes('json!({'));
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('have words for their keys', () => {
    const wordless = recorded.filter((found) => !Object.hasOwn(auditEn.detail, keyOf(found)));
    expect(wordless).toEqual([]);
  });
});

describe('limits', () => {
  const table = files.find(({ path }) => path === 'crates/guard/src/rates/policy.rs')?.text ?? '';
  const line = /^ +[A-Z]\w+ (\w+): (?:Network|User), [\d_]+ per [A-Z]+ burst [\d_]+;$/gm;
  const names = [...table.matchAll(line)].map(([, name = '']) => name);

  it('have words, each of them', () => {
    expect(names).toContain('sign_in');
    expect(names.length).toBe(table.match(/ per [A-Z]+ burst /g)?.length);
    expect(Object.keys(auditEn.value.limit).sort()).toEqual(names.sort());
  });
});
