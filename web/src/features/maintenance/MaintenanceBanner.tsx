// Above every page while changes wait: that they do, for how long, and what the people who run the server say.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maintenanceQuery, type Maintenance } from '../../api/maintenance';
import { FoldButton } from '../../ui/FoldButton';
import { ToolsIcon } from '../../ui/settings-icons';
import { Expected } from './Expected';
import styles from './MaintenanceBanner.module.css';
import { SafeMessage } from './SafeMessage';

/** From so many characters on. */
const LONG = 300;

export function MaintenanceBanner() {
  const { t } = useTranslation();
  const { data } = useQuery(maintenanceQuery);
  const isActive = data?.active === true;
  const [wasActive, setWasActive] = useState(false);
  if (isActive && !wasActive) setWasActive(true);
  return (
    <section
      className={isActive ? styles.banner : undefined}
      aria-label={isActive ? t('maintenance.label') : undefined}
    >
      {isActive && <ToolsIcon />}
      <div className={isActive ? styles.body : undefined}>
        {/* Always there, so that beginning and end are heard; the minutes between are not. */}
        <p className={isActive ? styles.title : 'visually-hidden'} role="status">
          {isActive && t('maintenance.title')}
          {!isActive && wasActive && t('maintenance.over')}
        </p>
        {isActive && <Told maintenance={data} />}
      </div>
    </section>
  );
}

function Told({ maintenance: { since, until, message } }: { maintenance: Maintenance }) {
  const { t } = useTranslation();
  return (
    <>
      {message && <Message html={message} />}
      <p className={styles.facts}>
        {t('maintenance.reading')} {since && <Expected until={until} />}
      </p>
    </>
  );
}

/** Whoever has much to say leaves room for the page all the same. */
function Message({ html }: { html: string }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const isLong = html.length > LONG;
  return (
    <>
      <p id={id} className={isLong && !open ? styles.beginning : undefined}>
        <SafeMessage html={html} />
      </p>
      {isLong && (
        <div className={styles.fold}>
          <FoldButton
            open={open}
            controls={id}
            onToggle={() => {
              setOpen(!open);
            }}
          >
            {t('maintenance.whole')}
          </FoldButton>
        </div>
      )}
    </>
  );
}
