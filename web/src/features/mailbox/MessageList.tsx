// The messages, newest first.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DevMail } from '../../api/client';
import { cx } from '../../ui/cx';
import styles from './Mailbox.module.css';
import { useMailTime } from './useMailTime';

type Props = { messages: readonly DevMail[]; chosen: string | undefined };

export function MessageList({ messages, chosen }: Props) {
  const { t } = useTranslation();
  const time = useMailTime();
  return (
    <nav className={styles.list} aria-label={t('mailbox.list')}>
      <p className={styles.count} role="status">
        {t('mailbox.count', { count: messages.length })}
      </p>
      <ul>
        {messages.map(({ id, to, subject, sent_at }) => (
          <li key={id}>
            <Link
              to="/dev/mail"
              search={{ message: id }}
              className={cx(styles.row, id === chosen && styles.chosen)}
              aria-current={id === chosen ? 'true' : undefined}
            >
              <span className={styles.subject}>{subject}</span>
              <span className={styles.to}>{to}</span>
              <time className={styles.time} dateTime={sent_at}>
                {time(sent_at)}
              </time>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
