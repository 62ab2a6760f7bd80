// A new password, for whoever knows the old one.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { CheckField } from '../../ui/form/CheckField';
import { Form } from '../../ui/form/Form';
import { PasswordField } from '../../ui/form/PasswordField';
import { useForm } from '../../ui/form/useForm';
import { Unfolding } from '../../ui/Unfolding';
import { NewPasswordField } from '../account/PasswordStrength';
import { newPassword } from '../account/rules';
import { changePassword } from './changes';
import { useUser } from './user';

const schema = v.object({
  current_password: v.pipe(v.string(), v.nonEmpty('required')),
  new_password: newPassword,
});

type Props = {
  onBegin: () => void;
  /** `ended`: whether the other sessions are over as well. */
  onChanged: (ended: boolean) => Promise<void>;
};

export function PasswordCard({ onBegin, onChanged }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => {
    setIsOpen(false);
  };
  return (
    <Card title={t('settings.password.title')} hint={t('settings.password.hint')}>
      <Unfolding
        open={isOpen}
        form={
          <PasswordForm
            onCancel={close}
            onChanged={async (ended) => {
              await onChanged(ended);
              close();
            }}
          />
        }
      >
        <div>
          <Button
            onClick={() => {
              onBegin();
              setIsOpen(true);
            }}
          >
            {t('settings.password.change')}
          </Button>
        </div>
      </Unfolding>
    </Card>
  );
}

type FormProps = Pick<Props, 'onChanged'> & { onCancel: () => void };

function PasswordForm({ onChanged, onCancel }: FormProps) {
  const { t } = useTranslation();
  const { email, username } = useUser();
  const [endOthers, setEndOthers] = useState(true);
  const form = useForm({
    schema,
    initial: { current_password: '', new_password: '' },
    send: async (values) => {
      await changePassword({ ...values, end_other_sessions: endOthers });
      await onChanged(endOthers);
    },
  });
  return (
    <Form
      form={form}
      submit={t('settings.password.submit')}
      pendingText={t('settings.password.pending')}
      aside={<Button onClick={onCancel}>{t('settings.common.cancel')}</Button>}
    >
      {/* Tells password managers whose password this is. */}
      <input hidden readOnly name="username" autoComplete="username" value={email} />
      <PasswordField
        {...form.field('current_password')}
        label={t('settings.password.current')}
        autoComplete="current-password"
      />
      <NewPasswordField
        {...form.field('new_password')}
        label={t('settings.password.fresh')}
        about={[email, username]}
      />
      <CheckField
        label={t('settings.password.endOthers')}
        hint={t('settings.password.endOthersHint')}
        checked={endOthers}
        onChange={setEndOthers}
      />
    </Form>
  );
}
