// The three fields that open an account; signing up and setting up share them.
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/form/TextField';
import type { useForm } from '../../ui/form/useForm';
import { NewPasswordField } from './PasswordStrength';
import type { NewAccount } from './queries';

type Props = { form: Pick<ReturnType<typeof useForm<NewAccount>>, 'field' | 'values'> };

export function NewAccountFields({ form: { field, values } }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {/* The e-mail is what signing in asks for, so password managers must file it as the name. */}
      <TextField
        {...field('email')}
        label={t('fields.email')}
        type="email"
        autoComplete="username"
      />
      <TextField
        {...field('username')}
        label={t('fields.username')}
        hint={t('fields.usernameHint')}
        autoComplete="nickname"
      />
      <NewPasswordField
        {...field('password')}
        label={t('fields.password')}
        about={[values.email, values.username]}
      />
    </>
  );
}
