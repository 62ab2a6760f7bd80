// Every language says everything, and the right one is chosen.
import { afterEach, describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import { chooseLanguage, detectLanguage } from './i18n';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`),
  );
}

function placeholders(text: string): string[] {
  return Array.from(text.matchAll(/\{\{\w+\}\}/g), ([name]) => name).sort();
}

describe('translations', () => {
  const english = leaves(en);
  const german = new Map(leaves(de));

  it('have the same keys', () => {
    expect([...german.keys()].sort()).toEqual(english.map(([key]) => key).sort());
  });

  it.each(english)('%s keeps its placeholders', (key, text) => {
    expect(placeholders(german.get(key) ?? '')).toEqual(placeholders(text));
  });

  it('leave nothing empty', () => {
    expect([...english, ...german].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe('language', () => {
  afterEach(() => {
    chooseLanguage('en');
  });

  it('follows the browser', () => {
    expect(detectLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
  });

  it('is English when nothing fits', () => {
    expect(detectLanguage(['fr'])).toBe('en');
  });

  it('remembers a choice and tells assistive technology', () => {
    chooseLanguage('de');
    expect(detectLanguage(['en'])).toBe('de');
    expect(document.documentElement.lang).toBe('de');
  });
});
