// What stays while pages come and go: the header, the navigation, the footer.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useRef, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountNav } from '../features/account/AccountNav';
import { meQuery, useDevelopmentMailbox } from '../features/account/queries';
import { SecondFactorNeeded } from '../features/account/SecondFactorNeeded';
import { StepUp } from '../features/account/step-up';
import { MaintenanceBanner } from '../features/maintenance/MaintenanceBanner';
import { Logo } from '../ui/Logo';
import { LanguageSelect, ThemeToggle } from '../ui/settings';
import styles from './Shell.module.css';

export function Shell() {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);

  // Moves focus itself, so that skipping leaves no fragment in the address.
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
    main.current?.scrollIntoView();
  };

  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip} onClick={skip}>
        {t('common.skip')}
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.home} aria-label={t('nav.home')}>
          <Logo />
        </Link>
        <MainNav />
        <div className={styles.tools}>
          <LanguageSelect />
          <ThemeToggle />
          <AccountNav />
        </div>
      </header>
      <MaintenanceBanner />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <SecondFactorNeeded />
        <Outlet />
      </main>
      <footer className={styles.footer}>
        <p>{t('footer.line')}</p>
        {/* Served by the server itself, outside this application. */}
        <a href="/docs">{t('nav.docs')}</a>
      </footer>
      <StepUp />
    </div>
  );
}

function MainNav() {
  const { t } = useTranslation();
  const { data: user } = useQuery(meQuery);
  const hasMailbox = useDevelopmentMailbox();
  if (!user && !hasMailbox) return null;
  return (
    <nav className={styles.nav} aria-label={t('nav.label')}>
      {user && <Link to="/account">{t('nav.account')}</Link>}
      {user?.role === 'admin' && <Link to="/admin">{t('admin.nav')}</Link>}
      {hasMailbox && <Link to="/dev/mail">{t('nav.mailbox')}</Link>}
    </nav>
  );
}
