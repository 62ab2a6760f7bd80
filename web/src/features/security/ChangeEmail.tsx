// The address, and another one: it counts once the link sent to it was opened.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { News, useNews } from '../../ui/News';
import { Unfolding } from '../../ui/Unfolding';
import { address } from '../account/rules';
import styles from './ChangeEmail.module.css';
import { changeEmail } from './changes';
import { useUser } from './user';

const schema = v.object({ new_email: address.entries.email });

export function ChangeEmail() {
  const { t } = useTranslation();
  const { email, email_verified } = useUser();
  const [isOpen, setIsOpen] = useState(false);
  const { told, tell, forget } = useNews();
  const close = () => {
    setIsOpen(false);
  };
  return (
    <>
      <News told={told} />
      <div className={styles.row}>
        <p className={styles.address}>
          <span>{email}</span>
          <Badge tone={email_verified ? 'good' : 'bad'}>
            {email_verified ? t('account.verified') : t('account.unverified')}
          </Badge>
        </p>
        <Unfolding
          open={isOpen}
          form={
            <NewAddress
              onCancel={close}
              onSent={(to) => {
                tell(t('settings.email.sent', { email: to }), t('settings.email.sentTitle'));
                close();
              }}
            />
          }
        >
          <Button
            onClick={() => {
              forget();
              setIsOpen(true);
            }}
          >
            {t('settings.email.change')}
          </Button>
        </Unfolding>
      </div>
    </>
  );
}

type NewAddressProps = { onSent: (to: string) => void; onCancel: () => void };

function NewAddress({ onSent, onCancel }: NewAddressProps) {
  const { t } = useTranslation();
  const form = useForm({
    schema,
    initial: { new_email: '' },
    send: async ({ new_email }) => {
      await changeEmail(new_email);
      onSent(new_email);
    },
  });
  return (
    <Form
      form={form}
      submit={t('settings.email.submit')}
      pendingText={t('settings.email.pending')}
      aside={<Button onClick={onCancel}>{t('settings.common.cancel')}</Button>}
    >
      <TextField
        {...form.field('new_email')}
        label={t('settings.email.field')}
        hint={t('settings.email.fieldHint')}
        type="email"
        autoComplete="email"
      />
    </Form>
  );
}
