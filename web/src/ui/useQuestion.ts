// A question that something waits for: asked with a promise, answered by a dialog.
import { useState } from 'react';
import { CANCELLED, Problem } from '../api/problem';

export function useQuestion() {
  const [asked, setAsked] = useState<{ yes: () => void; no: () => void }>();
  return {
    isAsking: asked !== undefined,
    /** Resolves with a yes; rejects with the problem `cancelled`, about which forms say nothing. */
    ask: () =>
      new Promise<void>((resolve, reject) => {
        setAsked({
          yes: resolve,
          no: () => {
            reject(new Problem({ code: CANCELLED }));
          },
        });
      }),
    answer: (isYes: boolean) => {
      setAsked(undefined);
      if (isYes) asked?.yes();
      else asked?.no();
    },
  };
}
