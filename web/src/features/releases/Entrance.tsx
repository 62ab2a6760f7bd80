// Whether an application's visitors come in: maintenance, a pause, and the end of both.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { ShortMoment } from '../../ui/Time';
import { Unfolding } from '../../ui/Unfolding';
import { SafeMessage } from '../maintenance/SafeMessage';
import { useGateChanges } from './changes';
import { CloseForm } from './CloseForm';
import styles from './Entrance.module.css';
import { HoldForm } from './HoldForm';
import type { Service } from './model';

const tones = { open: 'good', paused: 'accent', closed: 'accent' } as const;

type Props = { service: Service; onDone: (said: string) => void };

export function Entrance({ service, onDone }: Props) {
  const { t } = useTranslation();
  const { gate, gate_until: until, gate_message: message } = service;
  return (
    <Card title={t('admin.releases.entrance.title')} hint={t('admin.releases.entrance.hint')}>
      <div className={styles.state}>
        <Badge tone={tones[gate]}>{t(`admin.releases.state.${gate}`)}</Badge>
        <p>{t(`admin.releases.entrance.${gate}`)}</p>
        {gate !== 'open' && until != null && (
          <p className={styles.until}>
            {t(`admin.releases.entrance.${gate === 'paused' ? 'untilAtMost' : 'until'}`)}{' '}
            <ShortMoment at={until} />
          </p>
        )}
      </div>
      {message != null && (
        <p>
          {t('admin.releases.entrance.said')} <SafeMessage html={message} />
        </p>
      )}
      {gate === 'open' ? (
        <WhileOpen service={service.name} onDone={onDone} />
      ) : (
        <LetIn service={service.name} onDone={onDone} />
      )}
    </Card>
  );
}

type ChangeProps = { service: string; onDone: (said: string) => void };

function WhileOpen({ service, onDone }: ChangeProps) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState<'close' | 'hold'>();
  const fold = () => {
    setUnfolded(undefined);
  };
  const done = (said: string) => {
    fold();
    onDone(said);
  };
  const FormOf = unfolded === 'hold' ? HoldForm : CloseForm;
  const unfold = (what: 'close' | 'hold') => (
    <Button
      onClick={() => {
        setUnfolded(what);
      }}
    >
      {t(`admin.releases.entrance.${what}`)}
    </Button>
  );
  return (
    <Unfolding
      open={unfolded !== undefined}
      form={
        <div className={styles.form}>
          <FormOf service={service} onDone={done} onCancel={fold} />
        </div>
      }
    >
      <ButtonRow>
        {unfold('close')}
        {unfold('hold')}
      </ButtonRow>
    </Unfolding>
  );
}

function LetIn({ service, onDone }: ChangeProps) {
  const { t } = useTranslation();
  const { open } = useGateChanges(service);
  return (
    <ButtonRow>
      <ConfirmedButton
        button={{ look: 'primary' }}
        name={t('admin.releases.entrance.letIn')}
        title={t('admin.releases.entrance.letIn')}
        pendingText={t('admin.releases.entrance.lettingIn')}
        run={open}
        onDone={() => {
          onDone(t('admin.releases.actions.done.open'));
        }}
      >
        <p>{t('admin.releases.entrance.open')}</p>
      </ConfirmedButton>
    </ButtonRow>
  );
}
