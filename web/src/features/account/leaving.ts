// What would be lost by signing out may ask first. Other ways out of a page are the router's to guard.

type Ask = () => Promise<boolean>;

const asks = new Set<Ask>();

/** `ask` answers whether one may go. */
export function askBeforeSigningOut(ask: Ask): () => void {
  asks.add(ask);
  return () => asks.delete(ask);
}

export async function maySignOut(): Promise<boolean> {
  const answers = await Promise.all([...asks].map((ask) => ask()));
  return answers.every(Boolean);
}
