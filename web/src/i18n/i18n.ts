// Which language the page speaks: the remembered one, else the browser's, else English.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { recall, remember } from '../ui/preference';
import { de } from './de';
import { en } from './en';
import type { Messages } from './messages';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const STORED_AS = 'mainstay.language';

declare module 'i18next' {
  // Module augmentation works on interfaces only.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface CustomTypeOptions {
    resources: { translation: Messages };
  }
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && value in languages;
}

export function detectLanguage(preferred: readonly string[] = navigator.languages): Language {
  const candidates = [recall(STORED_AS), ...preferred.map((tag) => tag.slice(0, 2).toLowerCase())];
  return candidates.find(isLanguage) ?? 'en';
}

/** For dates: the reader's regional habits within the page's language. */
export function regionalFormat(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

export function chooseLanguage(language: Language): void {
  remember(STORED_AS, language);
  void i18next.changeLanguage(language);
}

export function startI18n(language: Language = detectLanguage()): void {
  // Screen readers pick their voice from <html lang>.
  i18next.on('languageChanged', (current) => {
    document.documentElement.lang = current;
  });
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    resources: { en: { translation: en }, de: { translation: de } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  });
}
