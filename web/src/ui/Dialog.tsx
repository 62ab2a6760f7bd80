// A question that must be answered before going on. Keeps focus inside; Escape closes it.
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';
import { CloseIcon } from './icons';

type Props = {
  open: boolean;
  /** Escape, the cross, or a press outside. */
  onClose: () => void;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
};

export function Dialog({ open, onClose, title, lead, children }: Props) {
  const { t } = useTranslation();
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Viewport className={styles.viewport}>
          <BaseDialog.Popup className={styles.popup}>
            <BaseDialog.Title className={styles.title}>{title}</BaseDialog.Title>
            {lead !== undefined && (
              <BaseDialog.Description className={styles.lead}>{lead}</BaseDialog.Description>
            )}
            {children}
            {/* Last, so that the first field and not the way out receives focus. */}
            <BaseDialog.Close className={styles.close} aria-label={t('common.close')}>
              <CloseIcon />
            </BaseDialog.Close>
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
