"""The database that is moved: that of a learning platform whose application has filled it by Prisma for three years.

All of it is drawn from one seed, so that one scale means the same rows on every machine. Prisma's habits are in it:
cuids as keys, dates as milliseconds (in two tables as ISO texts, which its newer driver writes), JSON as text, money in
DECIMAL."""

import json
import sqlite3
from datetime import datetime, timedelta, timezone
from random import Random

from .console import Trouble, progress

SEED = 5
# At scale 1.
ROWS = {
    "users": 100_000,
    "courses": 2_000,
    "lessons": 24_000,
    "enrolments": 600_000,
    "user_progress": 2_700_000,
    "achievements": 1_000_000,
    "collaboration_session": 100_000,
    "audit_event": 700_000,
}
# Below that, there would not be lessons enough for everybody's progress.
SMALLEST = 0.01

TABLES = """
CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "email" TEXT NOT NULL,
  "name" TEXT,
  "passwordHash" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'STUDENT',
  "isActive" BOOLEAN NOT NULL DEFAULT true,
  "balance" DECIMAL NOT NULL DEFAULT 0,
  "preferences" JSONB,
  "avatar" BLOB,
  "referredById" TEXT,
  "lastLoginAt" DATETIME,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL,
  CONSTRAINT "users_referredById_fkey" FOREIGN KEY ("referredById")
    REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "courses" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "slug" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "description" TEXT,
  "price" DECIMAL NOT NULL,
  "published" BOOLEAN NOT NULL DEFAULT false,
  "tags" JSONB NOT NULL,
  "authorId" TEXT NOT NULL,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL,
  CONSTRAINT "courses_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TABLE "lessons" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "courseId" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "durationSec" INTEGER,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL,
  CONSTRAINT "lessons_courseId_fkey" FOREIGN KEY ("courseId")
    REFERENCES "courses" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "enrolments" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "userId" TEXT NOT NULL,
  "courseId" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'ACTIVE',
  "pricePaid" DECIMAL,
  "enrolledAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "completedAt" DATETIME,
  CONSTRAINT "enrolments_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "enrolments_courseId_fkey" FOREIGN KEY ("courseId")
    REFERENCES "courses" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "user_progress" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "userId" TEXT NOT NULL,
  "lessonId" TEXT NOT NULL,
  "completed" BOOLEAN NOT NULL DEFAULT false,
  "score" REAL,
  "timeSpentMs" BIGINT NOT NULL DEFAULT 0,
  "completedAt" DATETIME,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL,
  CONSTRAINT "user_progress_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "user_progress_lessonId_fkey" FOREIGN KEY ("lessonId")
    REFERENCES "lessons" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "achievements" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "userId" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "points" INTEGER NOT NULL,
  "meta" JSONB,
  "awardedAt" DATETIME NOT NULL,
  CONSTRAINT "achievements_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "collaboration_session" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "courseId" TEXT NOT NULL,
  "hostId" TEXT NOT NULL,
  "state" JSONB NOT NULL,
  "snapshot" BLOB,
  "closed" BOOLEAN NOT NULL DEFAULT false,
  "startedAt" DATETIME NOT NULL,
  "endedAt" DATETIME,
  CONSTRAINT "collaboration_session_courseId_fkey" FOREIGN KEY ("courseId")
    REFERENCES "courses" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "collaboration_session_hostId_fkey" FOREIGN KEY ("hostId")
    REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE "audit_event" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "actorId" TEXT,
  "action" TEXT NOT NULL,
  "payload" JSONB,
  "at" DATETIME NOT NULL
);
"""

INDEXES = """
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE UNIQUE INDEX "courses_slug_key" ON "courses"("slug");
CREATE INDEX "courses_authorId_idx" ON "courses"("authorId");
CREATE UNIQUE INDEX "lessons_courseId_position_key" ON "lessons"("courseId", "position");
CREATE UNIQUE INDEX "enrolments_userId_courseId_key" ON "enrolments"("userId", "courseId");
CREATE INDEX "enrolments_courseId_idx" ON "enrolments"("courseId");
CREATE UNIQUE INDEX "user_progress_userId_lessonId_key" ON "user_progress"("userId", "lessonId");
CREATE INDEX "user_progress_lessonId_idx" ON "user_progress"("lessonId");
CREATE INDEX "achievements_userId_idx" ON "achievements"("userId");
CREATE INDEX "collaboration_session_hostId_idx" ON "collaboration_session"("hostId");
CREATE INDEX "audit_event_actorId_at_idx" ON "audit_event"("actorId", "at");
"""

FIRST_DAY = datetime(2022, 1, 1, tzinfo=timezone.utc)
BEGAN = int(FIRST_DAY.timestamp()) * 1000
THREE_YEARS, DAY = 3 * 365 * 86_400_000, 86_400_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PAIRS = [first + second for first in DIGITS for second in DIGITS]
VOCABULARY = [
    *("solidity", "contract", "token", "ledger", "wallet", "proof", "block", "gas", "storage", "event", "library"),
    *("mapping", "naïve", "façade", "größer", "区块", "合約", "🚀", 'so-called "safe"', "a\ttab", "two\nlines", "C:\\temp"),
]


def write(path, scale):
    """Makes the database, and answers how many rows each table has."""
    if scale < SMALLEST:
        raise Trouble(f"a scale below {SMALLEST} leaves too few lessons")
    rows = {name: round(count * scale) for name, count in ROWS.items()}
    writer = _Writer(rows)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(TABLES)
    for name, count in rows.items():
        progress(f"Making the database that is moved: {count:,} rows of {name}")
        columns = len(database.execute(f'PRAGMA table_info("{name}")').fetchall())
        database.execute("BEGIN")
        places = ", ".join("?" * columns)
        database.executemany(f'INSERT INTO "{name}" VALUES ({places})', getattr(writer, name)(count))
        database.execute("COMMIT")
    progress("Making the database that is moved: indexes")
    database.executescript(INDEXES)
    database.close()
    return rows


class _Writer:
    """Draws the rows, table by table, in the order of what they refer to."""

    def __init__(self, rows):
        self.random = Random(SEED)
        self.rows = rows
        self.counter = 0
        self.ids = {"users": [], "courses": [], "lessons": []}
        self.long_text = self.text(4_000)

    def cuid(self, moment):
        """As Prisma makes them: a letter, the time, a counter, the machine, chance. They sort by time."""
        self.counter = (self.counter + 1) % 36**4
        bits = self.random.getrandbits(40)
        time = [PAIRS[moment // 1296**power % 1296] for power in (3, 2, 1, 0)]
        chance = [PAIRS[bits >> shift & 1023] for shift in (0, 10, 20, 30)]
        counter = PAIRS[self.counter // 1296] + PAIRS[self.counter % 1296]
        return "c" + "".join(time) + counter + "m4x1" + "".join(chance)

    def text(self, words):
        return " ".join(self.random.choices(VOCABULARY, k=words))

    def money(self):
        """Most amounts have cents; some are whole numbers, which SQLite then stores as such."""
        cents = self.random.getrandbits(20)
        return cents // 100 if cents % 4 == 0 else cents / 100

    def perhaps(self, value):
        return value if self.random.getrandbits(1) else None

    def one_of(self, table):
        ids = self.ids[table]
        return ids[self.random.getrandbits(32) % len(ids)]

    def moments(self, count):
        """So many moments, evenly over the three years."""
        return range(BEGAN, BEGAN + THREE_YEARS // count * count, THREE_YEARS // count)

    def users(self, count):
        draw = self.random.getrandbits
        for number, at in enumerate(self.moments(count)):
            referred_by = self.one_of("users") if number and draw(3) == 0 else None
            user = self.cuid(at)
            self.ids["users"].append(user)
            theme, topics = "dark" if draw(1) else "light", [self.text(1), self.text(1)]
            settings = {"theme": theme, "pageSize": draw(8), "topics": topics}
            yield (
                user,
                f"learner{number}@school{number % 911}.example",
                self.text(2) if draw(4) else None,
                f"$argon2id$v=19$m=65536,t=3,p=1${draw(128):032x}{draw(64):016x}",
                "ADMIN" if draw(9) == 0 else "TEACHER" if draw(4) == 0 else "STUDENT",
                int(draw(4) != 0),
                self.money(),
                json.dumps(settings, ensure_ascii=False),
                self.random.randbytes(192 + draw(7)) if draw(3) == 0 else None,
                referred_by,
                self.perhaps(at + draw(30)),
                at,
                at + draw(30),
            )

    def courses(self, count):
        for number, at in enumerate(self.moments(count)):
            course = self.cuid(at)
            self.ids["courses"].append(course)
            tags = json.dumps([self.text(1) for _ in range(3)])
            published = self.random.getrandbits(1)
            title, description = self.text(5), self.text(60)
            author = self.one_of("users")
            yield course, f"course-{number}", title, description, self.money(), published, tags, author, at, at + DAY

    def lessons(self, count):
        draw, courses = self.random.getrandbits, self.ids["courses"]
        for number, at in enumerate(self.moments(count)):
            lesson = self.cuid(at)
            self.ids["lessons"].append(lesson)
            start = draw(14)
            content = self.long_text[start : start + 800 + draw(11)]
            position, course = divmod(number, len(courses))
            seconds = self.perhaps(draw(12))
            yield lesson, courses[course], position, self.text(5), content, seconds, at, at + draw(28)

    def enrolments(self, count):
        draw = self.random.getrandbits
        for user, course, at in self.pairs(count, "courses"):
            status = ("ACTIVE", "ACTIVE", "COMPLETED", "CANCELLED")[draw(2)]
            yield self.cuid(at), user, course, status, self.perhaps(self.money()), at, self.perhaps(at + draw(30))

    def user_progress(self, count):
        draw = self.random.getrandbits
        for user, lesson, at in self.pairs(count, "lessons"):
            done, changed = draw(1), at + draw(26)
            score = draw(16) / 655.36 if done else None
            yield self.cuid(at), user, lesson, done, score, draw(22), changed if done else None, at, changed

    def pairs(self, count, table):
        """Each user with others, none twice: whatever comes next in the table after the user's own place in it."""
        users, others = self.ids["users"], self.ids[table]
        for number, at in enumerate(self.moments(count)):
            turn, user = divmod(number, len(users))
            yield users[user], others[(user * 11 + turn) % len(others)], at

    def achievements(self, count):
        draw = self.random.getrandbits
        for number, at in enumerate(self.moments(count)):
            kind = ("first_lesson", "week_streak", "month_streak", "course_completed")[draw(2)]
            meta = f'{{"level":{draw(5)},"badge":"b{draw(7)}"}}' if draw(1) else None
            yield number + 1, self.one_of("users"), kind, draw(9), meta, iso(at)

    def collaboration_session(self, count):
        draw = self.random.getrandbits
        for at in self.moments(count):
            state = {"cursor": draw(12), "document": self.text(12), "peers": [draw(20) for _ in range(4)]}
            snapshot = self.random.randbytes(256 + draw(9)) if draw(2) else None
            closed = draw(1)
            ended = iso(at + draw(24)) if closed else None
            course, host = self.one_of("courses"), self.one_of("users")
            shared = json.dumps(state, ensure_ascii=False)
            yield uuid4(draw(128)), course, host, shared, snapshot, closed, iso(at), ended

    def audit_event(self, count):
        draw = self.random.getrandbits
        for number, at in enumerate(self.moments(count)):
            actor = self.one_of("users") if draw(3) else None
            payload = f'{{"ip":"10.{draw(8)}.{draw(8)}.{draw(8)}","ok":{"true" if draw(1) else "false"}}}'
            yield number + 1, actor, ("login", "logout", "view", "edit")[draw(2)], payload, at


def iso(moment):
    return (FIRST_DAY + timedelta(milliseconds=moment - BEGAN)).isoformat(timespec="milliseconds")


def uuid4(bits):
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
