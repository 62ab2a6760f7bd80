// The authenticator app: how it stands, setting it up, removing it.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DangerButton } from '../../ui/DangerButton';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { Day } from '../../ui/Time';
import { disableTotp, readTotpSetup } from './changes';
import styles from './Factors.module.css';
import type { SecondFactor } from './model';
import { TotpEnrolment } from './TotpEnrolment';

type Props = {
  factor: SecondFactor;
  /** Whether it is the only factor, so that removing it removes the protection. */
  isOnly: boolean;
  onEnabled: (codes: string[]) => Promise<void>;
  onRemoved: () => Promise<void>;
};

export function TotpCard({ factor, isOnly, onEnabled, onRemoved }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('settings.totp.title')} hint={t('settings.totp.hint')}>
      {factor.totp ? (
        <Enabled
          since={factor.totp.enabled_at}
          isOnly={isOnly}
          isRequired={factor.required}
          onRemoved={onRemoved}
        />
      ) : (
        <Disabled onEnabled={onEnabled} />
      )}
    </Card>
  );
}

function Disabled({ onEnabled }: Pick<Props, 'onEnabled'>) {
  const { t } = useTranslation();
  // A change in the eyes of the server, so it runs on a click and never by itself.
  const {
    mutate,
    data: setup,
    isPending,
    error,
    reset,
  } = useMutation({ mutationFn: readTotpSetup });
  if (setup) return <TotpEnrolment setup={setup} onEnabled={onEnabled} onCancel={reset} />;
  return (
    <>
      {error && <ProblemNotice problem={Problem.from(error)} />}
      <div className={styles.state}>
        <Badge>{t('settings.totp.off')}</Badge>
        <Button
          pending={isPending}
          pendingText={t('settings.totp.starting')}
          onClick={() => {
            mutate();
          }}
        >
          {t('settings.totp.start')}
        </Button>
      </div>
    </>
  );
}

type EnabledProps = {
  since: string;
  isOnly: boolean;
  isRequired: boolean;
  onRemoved: () => Promise<void>;
};

function Enabled({ since, isOnly, isRequired, onRemoved }: EnabledProps) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const removal = useMutation({ mutationFn: disableTotp, onSuccess: onRemoved });
  return (
    <div className={styles.state}>
      <p className={styles.since}>
        <Badge tone="good">{t('settings.totp.on')}</Badge>
        <span>
          {t('settings.totp.since')} <Day at={since} />
        </span>
      </p>
      <DangerButton
        onClick={() => {
          removal.reset();
          setIsAsking(true);
        }}
      >
        {t('settings.totp.remove')}
      </DangerButton>
      <ConfirmDialog
        open={isAsking}
        danger
        title={t('settings.totp.removeTitle')}
        confirm={t('settings.totp.remove')}
        pendingText={t('settings.totp.removing')}
        pending={removal.isPending}
        error={removal.error}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          removal.mutate();
        }}
      >
        <p>{t('settings.totp.removeText')}</p>
        {isOnly && <p>{t('settings.totp.removeLast')}</p>}
        {isOnly && isRequired && <p>{t('settings.totp.removeRequired')}</p>}
      </ConfirmDialog>
    </div>
  );
}
