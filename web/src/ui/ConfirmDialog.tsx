// Asks before something with consequences happens, and names them. Stays open until it worked.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useEffect, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { Button } from './Button';
import styles from './ConfirmDialog.module.css';
import { DangerButton } from './DangerButton';
import frame from './Dialog.module.css';
import { ProblemNotice } from './ProblemNotice';

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  /** What has to be filled in first. */
  field?: ReactNode;
  confirm: string;
  /** What the other button says, where "Cancel" would mislead. */
  cancel?: string;
  pendingText?: string;
  pending?: boolean;
  error?: Error | null;
  danger?: boolean;
  /** Whether focus goes back to where it was when the dialog closes; otherwise the page has moved it. */
  returnFocus?: () => boolean;
  onConfirm: () => void;
  /** When it is gone, and focus is where it goes back to. */
  onClosed?: () => void;
};

export function ConfirmDialog(props: Props) {
  const { open, pending = false, returnFocus = () => true, onClose, onClosed } = props;
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        // A request under way is not undone by looking away.
        if (!next && !pending) onClose();
      }}
      onOpenChangeComplete={(next) => {
        if (!next) onClosed?.();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={frame.backdrop} />
        <AlertDialog.Viewport className={frame.viewport}>
          <AlertDialog.Popup className={frame.popup} finalFocus={returnFocus}>
            <Question {...props} />
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Question({ title, children, field, error, onConfirm, ...buttons }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  // Focus goes to what needs attention, once it is marked as such.
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (buttons.pending === true) return;
    onConfirm();
    setAttempts((count) => count + 1);
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
      <AlertDialog.Description render={<div />} className={styles.text}>
        {children}
      </AlertDialog.Description>
      {error && <ProblemNotice problem={Problem.from(error)} />}
      {field}
      <Answers {...buttons} />
    </form>
  );
}

type AnswersProps = Pick<
  Props,
  'cancel' | 'confirm' | 'danger' | 'onClose' | 'pending' | 'pendingText'
>;

function Answers({ confirm, cancel, pendingText, pending = false, danger, onClose }: AnswersProps) {
  const { t } = useTranslation();
  const button = { type: 'submit', pending, pendingText: pendingText ?? confirm } as const;
  return (
    <div className={styles.actions}>
      {/* First, so that Enter by mistake does nothing. */}
      <Button
        onClick={() => {
          if (!pending) onClose();
        }}
      >
        {cancel ?? t('settings.common.cancel')}
      </Button>
      {danger === true ? (
        <DangerButton {...button} look="solid">
          {confirm}
        </DangerButton>
      ) : (
        <Button {...button} look="primary">
          {confirm}
        </Button>
      )}
    </div>
  );
}
