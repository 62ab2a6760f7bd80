// Theme and language, once as icons in the header and once as open choices on the account page.
import { useTranslation } from 'react-i18next';
import { chooseLanguage, isLanguage, languages, type Language } from '../i18n/i18n';
import { ChoiceGroup } from './ChoiceGroup';
import { IconSelect } from './IconSelect';
import { GlobeIcon, MoonIcon, SunIcon, SystemIcon } from './icons';
import { chooseTheme, themes, useTheme, type Theme } from './theme';

const themeIcons: Record<Theme, React.ReactNode> = {
  system: <SystemIcon />,
  light: <SunIcon />,
  dark: <MoonIcon />,
};

function useThemeChoice() {
  const { t } = useTranslation();
  const value = useTheme();
  const choices = themes.map((theme) => ({
    value: theme,
    label: t(`theme.${theme}`),
    icon: themeIcons[theme],
  }));
  return { label: t('theme.label'), choices, value, onChoose: chooseTheme };
}

function useLanguageChoice() {
  const { t, i18n } = useTranslation();
  // A language is named in itself, so that those who need it can find it.
  const choices = Object.entries(languages).map(([value, label]) => ({
    value: value as Language,
    label,
  }));
  const value: Language = isLanguage(i18n.language) ? i18n.language : 'en';
  return { label: t('language.label'), choices, value, onChoose: chooseLanguage };
}

export function ThemeToggle() {
  const choice = useThemeChoice();
  return <IconSelect {...choice} icon={themeIcons[choice.value]} />;
}

export function LanguageSelect() {
  return <IconSelect {...useLanguageChoice()} icon={<GlobeIcon />} />;
}

export function AppearanceSettings() {
  const theme = useThemeChoice();
  const language = useLanguageChoice();
  return (
    <>
      <ChoiceGroup {...theme} />
      <ChoiceGroup {...language} />
    </>
  );
}
