// A button for what has consequences: it asks first, and the question stays until it worked.
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type ComponentProps, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import { Button } from './Button';
import { ConfirmDialog } from './ConfirmDialog';
import { DangerButton } from './DangerButton';

type Props<T> = {
  /** What the button says. */
  name: string;
  /** How the button differs from one that warns by itself. */
  button?: Pick<ComponentProps<typeof Button>, 'look' | 'waiting' | 'aria-label'>;
  /** What the dialog asks. */
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  /** What the dialog's button says, where it is not the name. */
  confirm?: string;
  pendingText: string;
  danger?: boolean;
  run: () => Promise<T>;
  /** Tells what happened: the focus is its to take. */
  onDone: (result: T) => unknown;
  /** Better words for a problem than the usual ones, where there are some. */
  explain?: (problem: Problem) => ReactNode;
};

export function ConfirmedButton<T>({ name, button, danger = false, ...props }: Props<T>) {
  const { title, children, confirm, pendingText, run, onDone, explain } = props;
  const [isAsking, setIsAsking] = useState(false);
  const isDone = useRef(false);
  const action = useMutation({
    mutationFn: run,
    onSuccess: async (result) => {
      isDone.current = true;
      setIsAsking(false);
      await onDone(result);
    },
  });
  const explained = action.error && explain?.(Problem.from(action.error));
  const open = () => {
    action.reset();
    isDone.current = false;
    setIsAsking(true);
  };
  return (
    <>
      {danger && button === undefined ? (
        <DangerButton onClick={open}>{name}</DangerButton>
      ) : (
        <Button {...button} onClick={open}>
          {name}
        </Button>
      )}
      <ConfirmDialog
        open={isAsking}
        danger={danger}
        title={title}
        confirm={confirm ?? name}
        pendingText={pendingText}
        pending={action.isPending}
        error={explained ? null : action.error}
        field={explained}
        returnFocus={() => !isDone.current}
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
