// What pages opened by a one-time link share: a link that does not work, and a good end.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertIcon, CheckIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';
import type { BrokenLink } from './broken-link';

type BrokenProps = {
  kind: BrokenLink;
  /** Whose words: each page says for itself what an expired link means. */
  words: 'reset' | 'confirmEmail' | 'recover';
  children: ReactNode;
};

export function BrokenLinkPage({ kind, words, children }: BrokenProps) {
  const { t } = useTranslation();
  return (
    <Page
      key={kind}
      icon={<AlertIcon />}
      title={t(`verify.${kind}Title`)}
      lead={t(`${words}.${kind}Lead`)}
      width="form"
    >
      {children}
    </Page>
  );
}

type DoneProps = { title: string; lead: string; children: ReactNode };

export function DonePage({ title, lead, children }: DoneProps) {
  return (
    <Page key="done" icon={<CheckIcon />} title={title} lead={lead} width="form">
      {children}
    </Page>
  );
}
