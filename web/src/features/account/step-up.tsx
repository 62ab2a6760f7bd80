// "Confirm that it is you": some changes need a recent proof of who is asking.
//
// For whoever writes a page: there is nothing to call. Every request through `api` does this by
// itself: when the server answers `reauthentication_required`, this dialog opens; after the password
// (with a code, for those who have a second factor) or a passkey, the same request is sent again, and
// the caller gets its answer as if nothing had happened. Several requests share one dialog.
//
// When the person closes the dialog, the call rejects with a Problem whose `isCancelled` is true.
// useForm, ProblemNotice and ErrorState's notice say nothing about it; code that catches should do
// the same: `if (Problem.from(error).isCancelled) return;`.
//
// Requests that need it should follow a click. A query that does (such as GET /api/auth/2fa/setup)
// should be a mutation, or have `staleTime: Infinity, refetchOnWindowFocus: false, retry: false`, so
// that nobody is asked out of the blue.
import { useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { CANCELLED, Problem } from '../../api/problem';
import { askWith } from '../../api/step-up';

const load = () => import('./StepUpDialog');
const StepUpDialog = lazy(async () => ({ default: (await load()).StepUpDialog }));

type Question = { answer: Promise<void>; confirm: () => void; cancel: () => void };

function question(): Question {
  let confirm: () => void = () => undefined;
  let cancel: () => void = () => undefined;
  const answer = new Promise<void>((resolve, reject) => {
    confirm = resolve;
    cancel = () => {
      reject(new Problem({ code: CANCELLED }));
    };
  });
  return { answer, confirm, cancel };
}

/** Stands once, in the frame around all pages. */
export function StepUp() {
  const asked = useRef<Question>(undefined);
  const [shown, setShown] = useState<Question>();
  const [isOpen, setIsOpen] = useState(false);
  const path = useLocation({ select: ({ pathname }) => pathname });

  useEffect(
    () =>
      askWith(async () => {
        await load();
        asked.current ??= question();
        const { answer } = asked.current;
        setShown(asked.current);
        setIsOpen(true);
        await answer;
      }),
    [],
  );

  const settle = (how: 'confirm' | 'cancel') => {
    asked.current?.[how]();
    asked.current = undefined;
    setIsOpen(false);
  };

  // Who leaves the page has left the question too.
  useEffect(
    () => () => {
      asked.current?.cancel();
      asked.current = undefined;
      setIsOpen(false);
    },
    [path],
  );

  if (!shown) return null;
  return (
    <Suspense>
      <StepUpDialog
        open={isOpen}
        onConfirm={() => {
          settle('confirm');
        }}
        onCancel={() => {
          settle('cancel');
        }}
      />
    </Suspense>
  );
}
