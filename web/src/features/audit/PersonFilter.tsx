// Whom the log is about: anybody, or one person, found by name or address.
import { useTranslation } from 'react-i18next';
import field from '../../ui/form/TextField.module.css';
import { CloseIcon } from '../../ui/icons';
import { PersonIcon } from '../../ui/settings-icons';
import { Unfolding } from '../../ui/Unfolding';
import styles from './PersonFilter.module.css';
import { PersonName } from './PersonName';
import { PersonSearch } from './PersonSearch';
import { usePerson } from './usePerson';

type Props = { person: string | undefined; onChoose: (id: string | undefined) => void };

export function PersonFilter({ person, onChoose }: Props) {
  return (
    <Unfolding open={person === undefined} form={<PersonSearch onChoose={onChoose} />}>
      {person !== undefined && (
        <Chosen
          id={person}
          onRemove={() => {
            onChoose(undefined);
          }}
        />
      )}
    </Unfolding>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { t } = useTranslation();
  const person = usePerson(id);
  const { username } = person;
  return (
    <div className={field.field}>
      <span className={field.label}>{t('admin.audit.filters.person')}</span>
      <div className={styles.chosen}>
        <PersonIcon />
        <PersonName person={person} />
        <button
          type="button"
          className={styles.remove}
          aria-label={t('admin.audit.filters.personRemove', { username })}
          onClick={onRemove}
        >
          <CloseIcon />
        </button>
      </div>
    </div>
  );
}
