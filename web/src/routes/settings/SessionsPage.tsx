// /account/sessions: where the account is signed in, and how to end that.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { endOtherSessions, endSession } from '../../features/security/changes';
import type { Session } from '../../features/security/model';
import { sessionsQuery, useRefreshSecurity } from '../../features/security/queries';
import { SessionItem } from '../../features/security/SessionItem';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { ItemList } from '../../ui/ItemList';
import { Loaded } from '../../ui/Loaded';
import { News, useNews } from '../../ui/News';
import { Page } from '../../ui/Page';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { Stack } from '../../ui/Stack';

export function SessionsPage() {
  const { t } = useTranslation();
  const sessions = useQuery(sessionsQuery);
  return (
    <Page title={t('settings.sessions.title')} lead={t('settings.sessions.lead')}>
      <Loaded query={sessions}>{(list) => <Sessions sessions={list} />}</Loaded>
    </Page>
  );
}

function Sessions({ sessions }: { sessions: readonly Session[] }) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const { told, tell, forget } = useNews();
  const ending = useMutation({
    mutationFn: endSession,
    onMutate: forget,
    onSuccess: async () => {
      await refresh();
      tell(t('settings.sessions.ended'));
    },
  });
  // The one in use comes first; the others as they were last seen.
  const sorted = sessions.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at),
  );
  const hasOthers = sessions.some(({ current }) => !current);
  return (
    <Stack>
      <News told={told} />
      {ending.error && <ProblemNotice problem={Problem.from(ending.error)} />}
      <Card>
        <ItemList label={t('settings.sessions.list')}>
          {sorted.map((session) => (
            <SessionItem
              key={session.id}
              session={session}
              action={({ name }) =>
                !session.current && (
                  <Button
                    look="quiet"
                    aria-label={t('settings.sessions.endNamed', { name })}
                    pending={ending.isPending && ending.variables === session.id}
                    pendingText={t('settings.sessions.ending')}
                    onClick={() => {
                      ending.mutate(session.id);
                    }}
                  >
                    {t('settings.sessions.end')}
                  </Button>
                )
              }
            />
          ))}
        </ItemList>
        {!hasOthers && <p>{t('settings.sessions.onlyThis')}</p>}
      </Card>
      {hasOthers && <EndAllOthers onEnded={tell} />}
    </Stack>
  );
}

function EndAllOthers({ onEnded }: { onEnded: (said: string) => void }) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  return (
    <div>
      <ConfirmedButton
        danger
        name={t('settings.sessions.endAll')}
        title={t('settings.sessions.endAllTitle')}
        pendingText={t('settings.sessions.ending')}
        run={endOtherSessions}
        onDone={(count) => {
          onEnded(t('settings.others.done', { count }));
          return refresh();
        }}
      >
        <p>{t('settings.sessions.endAllText')}</p>
      </ConfirmedButton>
    </div>
  );
}
