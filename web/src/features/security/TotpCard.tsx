// The authenticator app: how it stands, setting it up, removing it.
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { Day } from '../../ui/Time';
import { Unfolding } from '../../ui/Unfolding';
import { disableTotp, readTotpSetup } from './changes';
import styles from './Factors.module.css';
import { LastFactor } from './LastFactor';
import type { SecondFactor } from './model';
import { TotpEnrolment } from './TotpEnrolment';

type Props = {
  factor: SecondFactor;
  /** Whether it is the only factor, so that removing it removes the protection. */
  isOnly: boolean;
  onBegin: () => void;
  /** `codes`: only the first factor brings them. */
  onEnabled: (codes: string[] | null) => Promise<void>;
  onRemoved: () => Promise<void>;
};

export function TotpCard({ factor, isOnly, onBegin, onEnabled, onRemoved }: Props) {
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
        <Disabled onBegin={onBegin} onEnabled={onEnabled} />
      )}
    </Card>
  );
}

function Disabled({ onBegin, onEnabled }: Pick<Props, 'onBegin' | 'onEnabled'>) {
  const { t } = useTranslation();
  // A change in the eyes of the server, so it runs on a click and never by itself.
  const {
    mutate,
    data: setup,
    isPending,
    error,
    reset,
  } = useMutation({ mutationFn: readTotpSetup });
  return (
    <Unfolding
      open={setup !== undefined}
      form={setup && <TotpEnrolment setup={setup} onEnabled={onEnabled} onCancel={reset} />}
    >
      {error && <ProblemNotice problem={Problem.from(error)} />}
      <div className={styles.state}>
        <Badge>{t('settings.totp.off')}</Badge>
        <Button
          pending={isPending}
          pendingText={t('settings.totp.starting')}
          onClick={() => {
            onBegin();
            mutate();
          }}
        >
          {t('settings.totp.start')}
        </Button>
      </div>
    </Unfolding>
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
  return (
    <div className={styles.state}>
      <p className={styles.since}>
        <Badge tone="good">{t('settings.totp.on')}</Badge>
        <span>
          {t('settings.totp.since')} <Day at={since} />
        </span>
      </p>
      <ConfirmedButton
        danger
        name={t('settings.totp.remove')}
        title={t('settings.totp.removeTitle')}
        pendingText={t('settings.totp.removing')}
        run={disableTotp}
        onDone={onRemoved}
      >
        <p>{t('settings.totp.removeText')}</p>
        {isOnly && <LastFactor isRequired={isRequired} />}
      </ConfirmedButton>
    </div>
  );
}
