//! The rules of sessions, in the simplest words there are. Times are in seconds.

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
/// How long a used refresh token may be used again.
const REUSE_WINDOW: i64 = 10;
const LONGEST_WALK: usize = 16;

/// One user's sessions, in the order of their beginnings.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) disabled: bool,
    sessions: Vec<Session>,
}

/// When something ends, in the newest session.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    /// The time in which the token before the newest may be used again.
    Reuse,
    /// The access token.
    Access,
    /// The session, unless it is used.
    Idle,
    /// The newest refresh token.
    Newest,
    /// The session, whatever happens.
    Session,
}

#[derive(Debug)]
struct Session {
    /// Whether it is there at all; it may still have gone on for too long.
    alive: bool,
    begun: i64,
    seen: i64,
    /// Every refresh token it ever had. The last one is the newest.
    line: Vec<Token>,
    access: Access,
}

#[derive(Debug)]
struct Token {
    expires: i64,
    used: Option<i64>,
    deleted: bool,
}

#[derive(Debug)]
struct Access {
    from: i64,
    until: i64,
}

impl Session {
    fn is_over(&self, now: i64) -> bool {
        now - self.begun >= 30 * DAY || now - self.seen >= 7 * DAY
    }

    fn is_used(&mut self, now: i64) {
        if now - self.seen >= 5 * MINUTE {
            self.seen = now;
        }
    }

    fn new_access(&self, now: i64) -> Access {
        Access { from: now, until: (now + 15 * MINUTE).min(self.begun + 30 * DAY) }
    }
}

impl Token {
    fn new(now: i64) -> Self {
        Self { expires: now + 7 * DAY, used: None, deleted: false }
    }

    /// Whether it was used, and only a moment ago.
    fn is_just_used(&self, now: i64) -> bool {
        !self.deleted && self.used.is_some_and(|used| (-MINUTE..REUSE_WINDOW).contains(&(now - used)))
    }
}

impl Model {
    pub(super) fn moment(&self, moment: Moment) -> Option<i64> {
        let session = self.sessions.last()?;
        match moment {
            Moment::Reuse => Some(session.line.iter().rev().find_map(|token| token.used)? + REUSE_WINDOW),
            Moment::Access => Some(session.access.until),
            Moment::Idle => Some(session.seen + 7 * DAY),
            Moment::Newest => Some(session.line.last()?.expires),
            Moment::Session => Some(session.begun + 30 * DAY),
        }
    }

    pub(super) fn begin(&mut self) {
        let now = self.now;
        let (line, access) = (vec![Token::new(now)], Access { from: now, until: now + 15 * MINUTE });
        self.sessions.push(Session { alive: true, begun: now, seen: now, line, access });
    }

    /// The number of the token that follows; none when there is no going on.
    pub(super) fn refresh(&mut self, session: usize, token: usize) -> Option<usize> {
        let (now, session) = (self.now, &mut self.sessions[session]);
        if !session.alive || session.line[token].deleted {
            return None;
        }
        if session.line[token].used.is_some() && !session.line[token].is_just_used(now) {
            session.alive = false;
            return None;
        }
        if session.is_over(now) || session.line[token].expires <= now {
            return None;
        }
        session.is_used(now);
        session.access = session.new_access(now);
        if session.line[token].used.is_none() {
            session.line[token].used = Some(now);
            session.line.push(Token::new(now));
            return Some(token + 1);
        }
        let later = &session.line[token + 1..];
        Some(token + 1 + later.iter().take(LONGEST_WALK).take_while(|token| token.is_just_used(now)).count())
    }

    /// Whether the newest access token lets somebody in.
    pub(super) fn me(&mut self, session: usize) -> bool {
        let (now, session) = (self.now, &mut self.sessions[session]);
        let in_time = session.access.from - 30 <= now && now < session.access.until;
        let is_in = session.alive && in_time && !session.is_over(now);
        if is_in {
            session.is_used(now);
        }
        is_in
    }

    /// Whether there was something to end.
    pub(super) fn end(&mut self, session: usize) -> bool {
        std::mem::replace(&mut self.sessions[session].alive, false)
    }

    pub(super) fn sign_out(&mut self, session: usize, token: usize) {
        if !self.sessions[session].line[token].deleted {
            self.end(session);
        }
    }

    pub(super) fn disable(&mut self, disabled: bool) {
        self.disabled = disabled;
        if disabled {
            self.sessions.iter_mut().for_each(|session| session.alive = false);
        }
    }

    pub(super) fn clean_up(&mut self) {
        let now = self.now;
        for session in &mut self.sessions {
            session.alive &= now < session.begun + 30 * DAY;
            session.line.iter_mut().for_each(|token| token.deleted |= token.expires <= now);
        }
    }
}
