// One passkey, with its name to change and its way out.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { PasskeyIcon } from '../../ui/icons';
import { Item } from '../../ui/ItemList';
import { Day, TimeAgo } from '../../ui/Time';
import { removePasskey } from './changes';
import type { Passkey } from './model';
import { RenamePasskey } from './RenamePasskey';

type Props = { passkey: Passkey; isOnly: boolean; onRemoved: () => Promise<void> };

export function PasskeyItem({ passkey, isOnly, onRemoved }: Props) {
  const { t } = useTranslation();
  const { name, created_at, last_used_at } = passkey;
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const close = () => {
    setOpen(undefined);
  };
  return (
    <Item
      icon={<PasskeyIcon />}
      title={name}
      facts={[
        <>
          {t('settings.passkeys.added')} <Day at={created_at} />
        </>,
        last_used_at ? (
          <>
            {t('settings.passkeys.lastUsed')} <TimeAgo at={last_used_at} />
          </>
        ) : (
          t('settings.passkeys.unused')
        ),
      ]}
      actions={
        <>
          <Button
            look="quiet"
            aria-label={t('settings.passkeys.renameNamed', { name })}
            onClick={() => {
              setOpen('rename');
            }}
          >
            {t('settings.passkeys.rename')}
          </Button>
          <Button
            look="quiet"
            aria-label={t('settings.passkeys.removeNamed', { name })}
            onClick={() => {
              setOpen('remove');
            }}
          >
            {t('settings.passkeys.remove')}
          </Button>
          <RenamePasskey open={open === 'rename'} passkey={passkey} onClose={close} />
          <RemovePasskey
            open={open === 'remove'}
            passkey={passkey}
            isOnly={isOnly}
            onClose={close}
            onRemoved={onRemoved}
          />
        </>
      }
    />
  );
}

function RemovePasskey({
  open,
  passkey: { id, name },
  isOnly,
  onClose,
  onRemoved,
}: Props & { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const removal = useMutation({ mutationFn: removePasskey, onSuccess: onRemoved });
  return (
    <ConfirmDialog
      open={open}
      danger
      title={t('settings.passkeys.removeTitle', { name })}
      confirm={t('settings.passkeys.remove')}
      pendingText={t('settings.passkeys.removing')}
      pending={removal.isPending}
      error={removal.error}
      onClose={() => {
        removal.reset();
        onClose();
      }}
      onConfirm={() => {
        removal.mutate(id);
      }}
    >
      <p>{t('settings.passkeys.removeText')}</p>
      {isOnly && <p>{t('settings.passkeys.removeLast')}</p>}
    </ConfirmDialog>
  );
}
