// For those whom the rules of this installation ask for a second factor: says so on every page.
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../ui/Notice';
import { mustEnrol, SECURITY } from './next-path';
import { meQuery } from './queries';
import styles from './SecondFactorNeeded.module.css';

export function SecondFactorNeeded() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const path = useLocation({ select: ({ pathname }) => pathname });
  if (!me || !mustEnrol(me) || saysSoItself(path)) return null;
  return (
    <div className={styles.above}>
      <Notice kind="info" title={t('secondFactor.neededTitle')}>
        <p>{t('secondFactor.needed')}</p>
        {path !== SECURITY && (
          <p>
            <Link to={SECURITY}>{t('secondFactor.setUp')}</Link>
          </p>
        )}
      </Notice>
    </div>
  );
}

/** The closed pages of the account area stand there instead of what was asked for. */
function saysSoItself(path: string): boolean {
  return path.startsWith('/account') && path !== SECURITY;
}
