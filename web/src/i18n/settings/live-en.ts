// English: live rooms, as administrators follow them.
export const liveEn = {
  title: 'Live rooms',
  lead: 'How many are connected to this server at this moment, and how it goes.',
  now: {
    connections: 'open connections',
    rooms: 'rooms with somebody in them',
    members: 'places taken in rooms',
  },
  outOfReachTitle: 'Other servers are out of reach',
  outOfReach:
    'Redis does not answer. People go on talking to those at the same server, and nobody new comes into a room. When Redis is back, everybody gets what they missed.',
  droppedTitle: 'Some messages did not reach other servers',
  dropped_one:
    'Redis was away for so long that one message could not wait any more. Whoever should have had it connects again and begins anew.',
  dropped_other:
    'Redis was away for so long that {{count, number}} messages could not wait any more. Whoever should have had them connects again and begins anew.',
  since: {
    title: 'Since this server started',
    hint: 'Every server counts by itself.',
    messages: 'Messages said',
    deliveries: 'Messages delivered',
    limited: 'Over a limit',
    refused: 'Not let in',
    dropped: 'Lost elsewhere',
    cluster: 'Other servers',
  },
  cluster: {
    alone: 'none: rooms are on this server alone',
    in_reach: 'in reach',
    out_of_reach: 'out of reach',
  },
  ends: {
    title: 'Why connections ended',
    none: 'None has ended yet.',
    reason: 'Reason',
    count: 'How often',
    reasons: {
      by_client: 'The client said goodbye',
      lost: 'The connection broke, or the page was closed',
      ping_timeout: 'The client did not answer any more',
      too_slow: 'The client did not read what it was sent',
      malformed: 'The client did not keep to the protocol',
      too_large: 'The client sent something too large',
      refused: 'The client did not say who it is',
      limit: 'The client went on although it was told to stop',
      by_server: 'The application ended it',
      stopping: 'The server was stopped',
      expired: 'The token expired',
      session_over: 'The person signed out, or was signed out',
      gap: 'Messages of another server were lost',
    },
  },
};
