// Somebody the log names, and the way to their page.
import { Link } from '@tanstack/react-router';
import type { Person } from './model';

export function PersonName({ person: { id, username } }: { person: Person }) {
  return (
    <Link to="/admin/users/$id" params={{ id }}>
      {username}
    </Link>
  );
}
