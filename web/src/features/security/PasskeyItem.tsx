// One passkey, with its name to change and its way out.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { PasskeyIcon } from '../../ui/icons';
import { Item } from '../../ui/ItemList';
import { Day, Moment } from '../../ui/Time';
import { removePasskey } from './changes';
import { LastFactor } from './LastFactor';
import type { Passkey } from './model';
import { RenamePasskey } from './RenamePasskey';

type Props = {
  passkey: Passkey;
  isOnly: boolean;
  isRequired: boolean;
  onRemoved: () => Promise<void>;
};

export function PasskeyItem({ passkey, isOnly, isRequired, onRemoved }: Props) {
  const { t } = useTranslation();
  const { id, name, created_at, last_used_at } = passkey;
  const [isRenaming, setIsRenaming] = useState(false);
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
            {t('settings.passkeys.lastUsed')} <Moment at={last_used_at} />
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
              setIsRenaming(true);
            }}
          >
            {t('settings.passkeys.rename')}
          </Button>
          <ConfirmedButton
            danger
            button={{
              look: 'quiet',
              'aria-label': t('settings.passkeys.removeNamed', { name }),
            }}
            name={t('settings.passkeys.remove')}
            title={t('settings.passkeys.removeTitle', { name })}
            pendingText={t('settings.passkeys.removing')}
            run={() => removePasskey(id)}
            onDone={onRemoved}
          >
            <p>{t('settings.passkeys.removeText')}</p>
            {isOnly && <LastFactor isRequired={isRequired} />}
          </ConfirmedButton>
          <RenamePasskey
            open={isRenaming}
            passkey={passkey}
            onClose={() => {
              setIsRenaming(false);
            }}
          />
        </>
      }
    />
  );
}
