// What an API token may do, one box each.
import { useTranslation } from 'react-i18next';
import { CheckField } from '../../ui/form/CheckField';
import { FieldMistake } from '../../ui/form/FieldMistake';
import field from '../../ui/form/TextField.module.css';
import type { Scope } from './model';
import styles from './ScopeFields.module.css';

type Props = {
  offered: readonly Scope[];
  /** The chosen ones, with spaces between them. */
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
};

export function ScopeFields({ offered, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const chosen = value.split(' ').filter(Boolean);
  return (
    <fieldset className={styles.group}>
      <legend className={field.label}>{t('settings.tokens.scopes')}</legend>
      {offered.map((scope, index) => (
        <CheckField
          key={scope}
          label={t(`settings.tokens.scope.${scope}`)}
          hint={t(`settings.tokens.scope.${scope}Hint`)}
          checked={chosen.includes(scope)}
          // The first one takes the focus when something is missing.
          invalid={error !== undefined && index === 0}
          onChange={(checked) => {
            const others = chosen.filter((other) => other !== scope);
            onChange([...others, ...(checked ? [scope] : [])].join(' '));
          }}
        />
      ))}
      {error !== undefined && <FieldMistake role="alert">{error}</FieldMistake>}
    </fieldset>
  );
}
