// Names a passkey, then has the browser make it.
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { createPasskey } from '../account/webauthn';
import type { Passkey } from './model';
import { named } from './rules';

type Props = {
  onAdded: (passkey: Passkey, codes: string[] | null) => Promise<void>;
  onCancel: () => void;
};

export function AddPasskey({ onAdded, onCancel }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    schema: named,
    initial: { name: '' },
    send: async ({ name }) => {
      const { passkey, backup_codes } = await register(name);
      await onAdded(passkey, backup_codes ?? null);
    },
  });
  const name = form.field('name');
  return (
    <Form
      form={form}
      submit={t('settings.passkeys.addSubmit')}
      pendingText={t('settings.passkeys.adding')}
      aside={<Button onClick={onCancel}>{t('settings.common.cancel')}</Button>}
    >
      <TextField
        {...name}
        error={name.error && t('settings.passkeys.nameMissing')}
        label={t('settings.passkeys.name')}
        hint={t('settings.passkeys.nameHint')}
        autoComplete="off"
      />
    </Form>
  );
}

async function register(name: string) {
  const start = api.POST('/api/auth/passkeys/register/start');
  const credential = await createPasskey((await unwrap(start)).publicKey);
  const body = { name, credential };
  return unwrap(api.POST('/api/auth/passkeys/register/finish', { body }));
}
