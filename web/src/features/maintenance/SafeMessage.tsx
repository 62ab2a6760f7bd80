// A message of the people who run the server, with the little markup that it may have.
import { readMessage, type Piece } from './message';
import styles from './SafeMessage.module.css';

export function SafeMessage({ html }: { html: string }) {
  return <span className={styles.message}>{rendered(readMessage(html))}</span>;
}

function rendered(pieces: readonly Piece[]) {
  return pieces.map((piece, index) => {
    if (typeof piece === 'string') return piece;
    const { tag: Tag, pieces: inside } = piece;
    return <Tag key={index}>{rendered(inside)}</Tag>;
  });
}
