// /dev/mail: what the server would have sent, had it been in production.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DevMail } from '../api/client';
import { isClosed, mailboxQuery } from '../features/mailbox/queries';
import styles from '../features/mailbox/Mailbox.module.css';
import { MessageList } from '../features/mailbox/MessageList';
import { Reader } from '../features/mailbox/Reader';
import { cx } from '../ui/cx';
import { MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';
import { EmptyState, ErrorState, Loading } from '../ui/States';

const route = getRouteApi('/dev/mail');

export function DevMailPage() {
  const { t } = useTranslation();
  const mailbox = useQuery(mailboxQuery);

  if (isClosed(mailbox.error)) {
    return <Page title={t('mailbox.closedTitle')} lead={t('mailbox.closed')} width="reading" />;
  }
  return (
    <Page title={t('mailbox.title')} lead={t('mailbox.lead')}>
      {mailbox.error && <ErrorState error={mailbox.error} onRetry={() => void mailbox.refetch()} />}
      {mailbox.isPending && <Loading />}
      {mailbox.data && <Mailbox messages={mailbox.data} />}
    </Page>
  );
}

function Mailbox({ messages }: { messages: readonly DevMail[] }) {
  const { t } = useTranslation();
  const { message: chosen } = route.useSearch();
  const message = messages.find(({ id }) => id === chosen);

  if (messages.length === 0) {
    return (
      <div className={cx(styles.mailbox, styles.empty)}>
        <EmptyState icon={<MailIcon />} title={t('mailbox.emptyTitle')}>
          {t('mailbox.empty')}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={cx(styles.mailbox, message && styles.reading)}>
      <MessageList messages={messages} chosen={chosen} />
      {message ? (
        <Reader message={message} />
      ) : (
        <div className={styles.pick}>
          <EmptyState icon={<MailIcon />} title={t('mailbox.pickTitle')}>
            {t('mailbox.pick')}
          </EmptyState>
        </div>
      )}
    </div>
  );
}
