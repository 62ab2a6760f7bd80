// A question that something waits for: asked with a promise, answered by a dialog.
import { useState } from 'react';
import { CANCELLED, Problem } from '../api/problem';

type Asked = { yes: () => void; no: () => void };

export function useQuestion() {
  const [asked, setAsked] = useState<Asked>();
  const [reply, setReply] = useState<keyof Asked>();
  return {
    /** Until the answer has been handed on. */
    isAsking: asked !== undefined,
    isOpen: asked !== undefined && reply === undefined,
    /** Resolves with a yes; rejects with the problem `cancelled`, about which forms say nothing. */
    ask: () =>
      new Promise<void>((resolve, reject) => {
        setReply(undefined);
        setAsked({
          yes: resolve,
          no: () => {
            reject(new Problem({ code: CANCELLED }));
          },
        });
      }),
    answer: setReply,
    /** For when the dialog is gone: until then it keeps the focus from everything else. */
    handOn: () => {
      asked?.[reply ?? 'no']();
      setAsked(undefined);
    },
  };
}
