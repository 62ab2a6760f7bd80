// The passkeys: which there are, one more, one less.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ItemList } from '../../ui/ItemList';
import { Notice } from '../../ui/Notice';
import { PlusIcon } from '../../ui/settings-icons';
import { Unfolding } from '../../ui/Unfolding';
import { passkeysSupported } from '../account/webauthn';
import { AddPasskey } from './AddPasskey';
import styles from './Factors.module.css';
import type { Passkey, SecondFactor } from './model';
import { PasskeyItem } from './PasskeyItem';

type Props = {
  passkeys: readonly Passkey[];
  factor: SecondFactor;
  onBegin: () => void;
  onAdded: (passkey: Passkey, codes: string[] | null) => Promise<void>;
  onRemoved: () => Promise<void>;
};

export function PasskeysCard({ passkeys, factor, onBegin, onAdded, onRemoved }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('settings.passkeys.title')} hint={t('settings.passkeys.hint')}>
      {passkeys.length > 0 && (
        <ItemList label={t('settings.passkeys.list')}>
          {passkeys.map((passkey) => (
            <PasskeyItem
              key={passkey.id}
              passkey={passkey}
              isOnly={passkeys.length === 1 && !factor.totp}
              isRequired={factor.required}
              onRemoved={onRemoved}
            />
          ))}
        </ItemList>
      )}
      <Adding isFirst={passkeys.length === 0} onBegin={onBegin} onAdded={onAdded} />
    </Card>
  );
}

type AddingProps = Pick<Props, 'onBegin' | 'onAdded'> & { isFirst: boolean };

function Adding({ isFirst, onBegin, onAdded }: AddingProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  if (!passkeysSupported()) {
    return <Notice kind="info">{t('settings.passkeys.unsupported')}</Notice>;
  }
  return (
    <Unfolding
      open={isOpen}
      form={
        <AddPasskey
          onCancel={() => {
            setIsOpen(false);
          }}
          onAdded={async (passkey, codes) => {
            setIsOpen(false);
            await onAdded(passkey, codes);
          }}
        />
      }
    >
      <div className={styles.state}>
        {isFirst && <p>{t('settings.passkeys.empty')}</p>}
        <Button
          onClick={() => {
            onBegin();
            setIsOpen(true);
          }}
        >
          <PlusIcon />
          {t('settings.passkeys.add')}
        </Button>
      </div>
    </Unfolding>
  );
}
