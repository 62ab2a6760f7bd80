// Six digits from an authenticator app. Telephones offer the code by themselves; spaces do no harm.
import { useTranslation } from 'react-i18next';
import { TextField, type FieldProps } from '../../ui/form/TextField';

type Props = Omit<FieldProps, 'label' | 'type' | 'inputMode' | 'autoComplete'> & {
  label?: string;
};

export function CodeField({ label, ...field }: Props) {
  const { t } = useTranslation();
  return (
    <TextField
      {...field}
      label={label ?? t('fields.code')}
      inputMode="numeric"
      autoComplete="one-time-code"
    />
  );
}
