// A button for what has consequences: it asks first, and the question stays until it worked.
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import { Button } from './Button';
import { ConfirmDialog } from './ConfirmDialog';
import { DangerButton } from './DangerButton';

type Props<T> = {
  /** What the button says. */
  name: string;
  /** What the dialog asks. */
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  /** What the dialog's button says, where it is not the name. */
  confirm?: string;
  pendingText: string;
  danger?: boolean;
  run: () => Promise<T>;
  onDone: (result: T) => unknown;
  /** Better words for a problem than the usual ones, where there are some. */
  explain?: (problem: Problem) => ReactNode;
};

export function ConfirmedButton<T>({ name, danger = false, ...props }: Props<T>) {
  const { title, children, confirm, pendingText, run, onDone, explain } = props;
  const [isAsking, setIsAsking] = useState(false);
  const action = useMutation({
    mutationFn: run,
    onSuccess: async (result) => {
      setIsAsking(false);
      await onDone(result);
    },
  });
  const explained = action.error && explain?.(Problem.from(action.error));
  const Trigger = danger ? DangerButton : Button;
  return (
    <>
      <Trigger
        onClick={() => {
          action.reset();
          setIsAsking(true);
        }}
      >
        {name}
      </Trigger>
      <ConfirmDialog
        open={isAsking}
        danger={danger}
        title={title}
        confirm={confirm ?? name}
        pendingText={pendingText}
        pending={action.isPending}
        error={explained ? null : action.error}
        field={explained}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          action.mutate();
        }}
      >
        {children}
      </ConfirmDialog>
    </>
  );
}
