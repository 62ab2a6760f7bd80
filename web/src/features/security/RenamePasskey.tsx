// Another name for a passkey.
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { renamePasskey } from './changes';
import type { Passkey } from './model';
import { useRefreshSecurity } from './queries';
import { named } from './rules';

type Props = { open: boolean; passkey: Passkey; onClose: () => void };

export function RenamePasskey({ open, passkey, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t('settings.passkeys.renameTitle')}>
      <NewName passkey={passkey} onClose={onClose} />
    </Dialog>
  );
}

function NewName({ passkey, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const form = useForm({
    schema: named,
    initial: { name: passkey.name },
    send: async ({ name }) => {
      await renamePasskey({ id: passkey.id, name });
      await refresh();
      onClose();
    },
  });
  const name = form.field('name');
  return (
    <Form
      form={form}
      submit={t('settings.common.save')}
      pendingText={t('settings.passkeys.renaming')}
    >
      <TextField
        {...name}
        error={name.error && t('settings.passkeys.nameMissing')}
        label={t('settings.passkeys.name')}
        autoComplete="off"
      />
    </Form>
  );
}
