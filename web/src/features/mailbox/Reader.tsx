// One message, as the recipient would read it.
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DevMail } from '../../api/client';
import { BackIcon } from '../../ui/icons';
import styles from './Mailbox.module.css';
import { splitLinks } from './split-links';
import { useMailTime } from './useMailTime';

export function Reader({ message }: { message: DevMail }) {
  const { t } = useTranslation();
  const time = useMailTime();
  const heading = useRef<HTMLHeadingElement>(null);

  // Choosing a message means reading it: focus follows.
  useEffect(() => {
    heading.current?.focus();
  }, [message.id]);

  return (
    <article className={styles.reader}>
      <Link to="/dev/mail" className={styles.back}>
        <BackIcon />
        {t('mailbox.back')}
      </Link>
      <header className={styles.head}>
        <h2 ref={heading} tabIndex={-1}>
          {message.subject}
        </h2>
        <p>
          {t('mailbox.to', { address: message.to })}
          {' · '}
          <time dateTime={message.sent_at}>{time(message.sent_at)}</time>
        </p>
      </header>
      <p className={styles.text}>
        {splitLinks(message.text).map(({ text, href }, index) =>
          href === undefined ? (
            text
          ) : (
            <a key={index} href={href}>
              {text}
            </a>
          ),
        )}
      </p>
    </article>
  );
}
