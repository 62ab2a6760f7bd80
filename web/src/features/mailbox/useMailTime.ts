// When a message was written, in the reader's language.
import { useTranslation } from 'react-i18next';
import { regionalFormat } from '../../i18n/i18n';

export function useMailTime(): (sentAt: string) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(regionalFormat(i18n.language), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (sentAt) => format.format(new Date(sentAt));
}
