// After a password or factor changed: whoever else is signed in can be signed out.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { News, useNews } from '../../ui/News';
import { Notice } from '../../ui/Notice';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { endOtherSessions } from './changes';
import { sessionsQuery, useRefreshSecurity } from './queries';

export function EndOthers({ onDeclined }: { onDeclined: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const { data: sessions } = useQuery(sessionsQuery);
  const { told, tell } = useNews();
  const { mutate, isPending, error } = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: (count) => {
      tell(t('settings.others.done', { count }));
      return refresh();
    },
  });

  if (told) return <News told={told} />;
  // Nobody else there: nothing to offer.
  if (!sessions?.some(({ current }) => !current)) return null;
  return (
    <>
      {error && <ProblemNotice problem={Problem.from(error)} />}
      <Notice kind="info" title={t('settings.others.title')}>
        <p>{t('settings.others.offer')}</p>
        <ButtonRow>
          <Button
            pending={isPending}
            pendingText={t('settings.others.pending')}
            onClick={() => {
              mutate();
            }}
          >
            {t('settings.others.action')}
          </Button>
          <Button look="quiet" onClick={onDeclined}>
            {t('settings.others.later')}
          </Button>
        </ButtonRow>
      </Notice>
    </>
  );
}
