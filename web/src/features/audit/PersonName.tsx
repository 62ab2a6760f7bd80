// Somebody the log names, and the way to their page, or to what the log still holds about them.
import { Link } from '@tanstack/react-router';
import type { Person } from './model';

export function PersonName({ person: { id, username, isGone } }: { person: Person }) {
  if (isGone) {
    return (
      <Link to="/admin/audit" search={{ person: id }}>
        {username}
      </Link>
    );
  }
  return (
    <Link to="/admin/users/$id" params={{ id }}>
      {username}
    </Link>
  );
}
