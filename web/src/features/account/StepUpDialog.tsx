// The dialog that asks for the password again, and for the second factor where there is one.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Form } from '../../ui/form/Form';
import { PasswordField } from '../../ui/form/PasswordField';
import { useForm } from '../../ui/form/useForm';
import { Or } from '../../ui/Or';
import { CodeField } from './CodeField';
import { PasskeyButton } from './PasskeyButton';
import { meQuery } from './queries';
import { confirmation } from './rules';
import { getPasskey, passkeysSupported } from './webauthn';

type Props = { open: boolean; onConfirm: () => void; onCancel: () => void };

export function StepUpDialog({ open, onConfirm, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onCancel} title={t('stepUp.title')} lead={t('stepUp.lead')}>
      <Proof onConfirm={onConfirm} onCancel={onCancel} />
    </Dialog>
  );
}

/** Whether there is a passkey to offer; where that is unknown, none is offered. */
const hasPasskeyQuery = queryOptions({
  queryKey: ['step-up', 'has-passkey'],
  queryFn: async ({ signal }) => {
    const { passkeys } = await unwrap(api.GET('/api/auth/passkeys', { signal }));
    return passkeys.length > 0;
  },
  staleTime: 0,
});

function Proof({ onConfirm, onCancel }: Omit<Props, 'open'>) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: hasPasskey } = useQuery({ ...hasPasskeyQuery, enabled: passkeysSupported() });
  const needsCode = me?.second_factor ?? false;

  const done = () => {
    // It also tells until when nobody will be asked again.
    void queryClient.invalidateQueries(meQuery);
    onConfirm();
  };
  const form = useForm({
    schema: confirmation(needsCode),
    initial: { password: '', code: '' },
    send: async ({ password, code }) => {
      const body = needsCode ? { password, code } : { password };
      await unwrap(api.POST('/api/auth/reauthenticate', { body }));
      done();
    },
  });

  return (
    <>
      <Form
        form={form}
        submit={t('stepUp.submit')}
        pendingText={t('stepUp.pending')}
        aside={<Button onClick={onCancel}>{t('common.cancel')}</Button>}
      >
        {/* Tells password managers whose password this is. */}
        <input hidden readOnly name="username" autoComplete="username" value={me?.email ?? ''} />
        <PasswordField
          {...form.field('password')}
          label={t('fields.password')}
          autoComplete="current-password"
        />
        {needsCode && <CodeField {...form.field('code')} hint={t('stepUp.codeHint')} />}
      </Form>
      {hasPasskey === true && (
        <>
          <Or />
          <PasskeyButton
            run={async () => {
              await confirmWithPasskey();
              done();
            }}
          >
            {t('stepUp.passkey')}
          </PasskeyButton>
        </>
      )}
    </>
  );
}

async function confirmWithPasskey() {
  const start = api.POST('/api/auth/reauthenticate/passkey/start');
  const credential = await getPasskey((await unwrap(start)).publicKey);
  const body = { credential };
  return unwrap(api.POST('/api/auth/reauthenticate/passkey/finish', { body }));
}
