// Seconds until a moment, counted down while anybody looks.
import { useEffect, useState } from 'react';

/** 0 when the moment has passed, or when there is none to wait for. */
export function useSecondsLeft(moment: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  const left = moment === undefined ? 0 : Math.max(0, Math.ceil((moment - now) / 1000));

  useEffect(() => {
    if (moment === undefined) return;
    const tick = () => {
      setNow(Date.now());
      if (Date.now() >= moment) clearInterval(timer);
    };
    const timer = setInterval(tick, 250);
    return () => {
      clearInterval(timer);
    };
  }, [moment]);

  return left;
}
