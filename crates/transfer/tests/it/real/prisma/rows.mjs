// Fills app.db as an application does: by Prisma's client. See the README of the folder above.

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import client from '@prisma/client';

const [file, timestampFormat] = process.argv.slice(2);
const adapter = new PrismaBetterSqlite3({ url: `file:${file}` }, { timestampFormat });

const NAMES = ['Ada Lovelace', null, '', 'Åsa Öberg', "Conan O'Brien", '李小龙', 'line\nbreak\ttab', '👩‍🚀 Sally', '\\N', '"quoted"', 'NULL', 'e\u0301 and é', ' spaces '];
const MOMENTS = [
  new Date(0), new Date(-1), new Date('1969-12-31T23:59:59.001Z'), new Date('2024-02-29T12:00:00.120Z'),
  new Date('2024-05-01T10:00:00Z'), new Date('9999-12-31T23:59:59.999Z'), new Date('0001-01-01T00:00:00.000Z'),
  new Date('2024-10-27T02:30:00.500Z'),
];
const DECIMALS = ['0', '-0.01', '12.50', '0.1', '1234567.89', '-3', '1e-7', '99999999999999.99', '100'];
const BIGINTS = [0n, -1n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n, 42n];
const FLOATS = [0, -0.5, 0.1, 1e300, 5e-324, 3, 1 / 3, -1e15, null];
const BYTES = [new Uint8Array(), new Uint8Array([0]), new Uint8Array([255, 254, 0, 92]), null];
const JSONS = [{}, [], { a: [1, 2.5, null, true], 'ü"': '\u2028' }, 'text', 17, true, { deep: { deep: { deep: [] } }, big: 1e21 }];

const of = (values, n) => values[n % values.length];

function user(n, ids) {
  return {
    email: n === 3 ? 'NAÏVE@Example.org' : `user${n}@example.org`,
    name: of(NAMES, n),
    role: of(['LEARNER', 'TEACHER', 'ADMIN'], n),
    isActive: n % 3 !== 0,
    balance: of(DECIMALS, n),
    points: of(BIGINTS, n),
    rating: of(FLOATS, n),
    avatar: of(BYTES, n),
    settings: of(JSONS, n),
    bornOn: n % 4 === 0 ? null : of(MOMENTS, n),
    mentorId: n % 5 === 0 ? null : ids[Math.floor(n / 2)],
    profile: n % 2 === 0 ? { create: { website: n % 4 === 0 ? `https://example.org/~${n}` : null } } : undefined,
    sessions: n % 7 === 0 ? { create: { token: new Uint8Array([n, 0, 255 - n]), expiresAt: of(MOMENTS, n) } } : undefined,
  };
}

async function users(db) {
  const ids = [];
  for (let n = 0; n < 40; n += 1) ids.push((await db.user.create({ data: user(n, ids) })).id);
  return ids;
}

function course(n, ids) {
  const tags = ['solidity', 'Solidity', 'défi', '', 'c#'].slice(0, (n % 5) + 1);
  return {
    slug: `course-${n}`,
    title: n === 2 ? 'Semi;colons -- and /* comments */' : `Course ${n}`,
    level: n % 2 === 0 ? 'BEGINNER' : 'ADVANCED',
    price: n % 3 === 0 ? null : of(DECIMALS, n),
    weight: of(FLOATS, n) ?? undefined,
    isPublished: n % 2 === 0,
    publishedAt: n % 2 === 0 ? of(MOMENTS, n) : null,
    outline: n % 3 === 0 ? undefined : of(JSONS, n),
    teacherId: ids[n],
    tags: { connectOrCreate: tags.map((name) => ({ where: { name }, create: { name } })) },
    lessons: {
      create: Array.from({ length: (n % 4) + 1 }, (_, position) => ({
        position,
        title: `Lesson ${position}`,
        body: position === 1 ? 'long '.repeat(60) : `# ${n}.${position}\r\n\r\n\`code\``,
        minutes: of(FLOATS, n + position),
      })),
    },
  };
}

async function takingPart(db, ids, courses) {
  for (const [n, userId] of ids.entries()) {
    for (const courseId of courses.filter((_, place) => (n + place) % 6 === 0)) {
      await db.enrolment.create({
        data: {
          userId, courseId, status: of(['ACTIVE', 'PAUSED', 'FINISHED'], n), progress: of([0, 0.5, 1, 99.9], n),
          finishedAt: n % 3 === 2 ? of(MOMENTS, n) : null,
          marks: { create: { lesson: { connect: { courseId_position: { courseId, position: 0 } } }, points: of(DECIMALS, n), isFinal: n % 2 === 0, note: of(NAMES, n) } },
        },
      });
    }
  }
}

async function rows() {
  const db = new client.PrismaClient({ adapter });
  const ids = await users(db);
  const courses = [];
  for (let n = 0; n < 12; n += 1) courses.push((await db.course.create({ data: course(n, ids) })).id);
  await takingPart(db, ids, courses);
  await db.payment.createMany({
    data: ids.slice(0, 30).map((userId, n) => ({
      id: BIGINTS[n] ?? BigInt(n) * 10_000_000_000n, userId: n % 4 === 0 ? null : userId, amount: of(DECIMALS, n), receipt: n % 2 === 0 ? client.Prisma.JsonNull : of(JSONS, n),
      proof: of(BYTES, n), isRefund: [true, false, null][n % 3], paidAt: of(MOMENTS, n),
    })),
  });
  await db.order.createMany({ data: [{ select: 1 }, { from: 'there', group: 0.25 }, { from: '', select: -2147483648 }] });
  // A course that is gone leaves a gap, and a tag that nobody has.
  await db.course.delete({ where: { id: courses[11] } });
  await db.tag.create({ data: { name: 'unused' } });
  // What somebody adds by hand gets the defaults of the tables, not those of the client.
  await db.$executeRaw`INSERT INTO users (id, email, updated_at) VALUES ('by-hand', 'hand@example.org', CURRENT_TIMESTAMP)`;
  await db.$disconnect();
}

await rows();
