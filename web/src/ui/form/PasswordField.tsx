// A password that can be shown, because people who can read what they type make fewer mistakes.
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EyeIcon, EyeOffIcon } from '../icons';
import { TextField, type FieldProps } from './TextField';
import styles from './TextField.module.css';

type Props = Omit<FieldProps, 'type' | 'inputMode'> & {
  autoComplete: 'current-password' | 'new-password';
  below?: ReactNode;
};

export function PasswordField(props: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      action={
        <button
          type="button"
          className={styles.peek}
          aria-label={shown ? t('common.hidePassword') : t('common.showPassword')}
          onClick={() => {
            setShown(!shown);
          }}
        >
          {shown ? <EyeOffIcon /> : <EyeIcon />}
        </button>
      }
    />
  );
}
