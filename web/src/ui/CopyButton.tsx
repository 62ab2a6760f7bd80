// Puts a text on the clipboard and says so.
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { CheckIcon } from './icons';
import { CopyIcon } from './settings-icons';

const SHOWN_FOR = 2500;

type State = 'ready' | 'copied' | 'refused';

export function CopyButton({ text, children }: { text: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>('ready');

  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => {
      setState('ready');
    }, SHOWN_FOR);
    return () => {
      clearTimeout(timer);
    };
  }, [state]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // Not allowed here: the text is on the page and can be selected.
      setState('refused');
    }
  };

  const said = { ready: '', copied: t('settings.copy.done'), refused: t('settings.copy.refused') };
  return (
    <>
      <Button onClick={copy}>
        {state === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {state === 'ready' ? (children ?? t('settings.copy.action')) : said[state]}
      </Button>
      <span className="visually-hidden" role="status">
        {said[state]}
      </span>
    </>
  );
}
