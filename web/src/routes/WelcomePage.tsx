// /: says what this installation is, to those who are not signed in.
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../features/account/queries';
import { ButtonLink } from '../ui/Button';
import { Page } from '../ui/Page';
import { Rigging } from '../ui/Rigging';
import { ErrorState, Loading } from '../ui/States';
import styles from './WelcomePage.module.css';

export function WelcomePage() {
  const { t } = useTranslation();
  const { data: user, error, refetch } = useQuery(meQuery);

  if (user) return <Navigate to="/account" replace />;
  if (user === undefined && !error) return <Loading />;
  return (
    <div className={styles.welcome}>
      <Page title={t('welcome.title')} documentTitle={t('nav.welcome')} lead={t('welcome.lead')}>
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <div className={styles.actions}>
            <ButtonLink look="primary" to="/sign-in">
              {t('nav.signIn')}
            </ButtonLink>
            <ButtonLink to="/sign-up">{t('nav.signUp')}</ButtonLink>
          </div>
        )}
        <Facts />
      </Page>
      <div className={styles.drawing}>
        <Rigging />
      </div>
    </div>
  );
}

function Facts() {
  const { t } = useTranslation();
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('welcome.factPasswordTitle')}</dt>
        <dd>{t('welcome.factPassword')}</dd>
      </div>
      <div>
        <dt>{t('welcome.factQuietTitle')}</dt>
        <dd>{t('welcome.factQuiet')}</dd>
      </div>
      <div>
        <dt>{t('welcome.factOpenTitle')}</dt>
        <dd>{t('welcome.factOpen')}</dd>
      </div>
    </dl>
  );
}
