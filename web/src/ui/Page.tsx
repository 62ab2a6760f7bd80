// A page: its document title, its heading (which receives focus when the page appears), its body.
import { useEffect, useRef, type ReactNode } from 'react';
import { cx } from './cx';
import { IconBadge } from './IconBadge';
import styles from './Page.module.css';

type Props = {
  icon?: ReactNode;
  title: string;
  /** When the browser's tab should say something else than the heading. */
  documentTitle?: string;
  lead?: ReactNode;
  width?: 'form' | 'reading' | 'full';
  children?: ReactNode;
};

// The first page of a visit leaves focus where the browser put it: at the top of the document.
let isFirstPage = true;

export function Page({
  icon,
  title,
  documentTitle = title,
  lead,
  width = 'full',
  children,
}: Props) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (!isFirstPage) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    isFirstPage = false;
  }, []);

  return (
    <div className={cx(styles.page, styles[width])}>
      <title>{`${documentTitle} · Mainstay`}</title>
      <header className={styles.header}>
        {icon !== undefined && <IconBadge>{icon}</IconBadge>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}
