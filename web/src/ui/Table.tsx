// A quiet table. Where there is no room for columns, every row becomes a card that names its values.
import type { ReactNode } from 'react';
import styles from './Table.module.css';

type TableProps = { label: string; columns: readonly string[]; children: ReactNode };

export function Table({ label, columns, children }: TableProps) {
  return (
    <div className={styles.room}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What a row is about; the first cell of it. */
export function RowHeader({ children }: { children: ReactNode }) {
  return <th scope="row">{children}</th>;
}

/** `name` is the column's title, for where the columns are gone. */
export function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <td>
      <span className={styles.name} aria-hidden="true">
        {name}
      </span>
      <span className={styles.value}>{children}</span>
    </td>
  );
}
