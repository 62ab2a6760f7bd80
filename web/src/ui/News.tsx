// Good news about what was just done, where focus then is.
import { useState } from 'react';
import { FocusHere } from './FocusHere';
import { Notice } from './Notice';

export type Told = { title?: string; words: string; at: number };

/** What a page has to tell, one thing at a time. */
export function useNews() {
  const [told, setTold] = useState<Told>();
  return {
    told,
    tell: (words: string, title?: string) => {
      setTold({ words, at: Date.now(), ...(title !== undefined && { title }) });
    },
    forget: () => {
      setTold(undefined);
    },
  };
}

export function News({ told }: { told: Told | undefined }) {
  if (!told) return null;
  const { at, words, ...title } = told;
  return (
    <FocusHere at={at}>
      <Notice kind="good" {...title}>
        <p>{words}</p>
      </Notice>
    </FocusHere>
  );
}
