PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE "Course" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "level" TEXT NOT NULL DEFAULT 'BEGINNER',
    "price" DECIMAL,
    "weight" REAL NOT NULL DEFAULT 1.5,
    "isPublished" BOOLEAN NOT NULL DEFAULT false,
    "publishedAt" DATETIME,
    "outline" JSONB,
    "teacherId" TEXT NOT NULL,
    CONSTRAINT "Course_teacherId_fkey" FOREIGN KEY ("teacherId") REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
INSERT INTO "Course" VALUES(1,'course-0','Course 0','BEGINNER',NULL,0.0,1,'1970-01-01T00:00:00.000+00:00',NULL,'cmwsui3dn0000eb7dwvjfwa4o');
INSERT INTO "Course" VALUES(2,'course-1','Course 1','ADVANCED',-0.01,-0.5,0,NULL,'[]','cmwsui3fp0001eb7dt9zw55dn');
INSERT INTO "Course" VALUES(3,'course-2','Semi;colons -- and /* comments */','BEGINNER',12.5,0.1,1,'1969-12-31T23:59:59.001+00:00','{"a":[1,2.5,null,true],"ü\"":" "}','cmwsui3h80002eb7dgzplah4h');
INSERT INTO "Course" VALUES(4,'course-3','Course 3','ADVANCED',NULL,1.0e+300,0,NULL,NULL,'cmwsui3hz0003eb7d81m1javi');
INSERT INTO "Course" VALUES(5,'course-4','Course 4','BEGINNER',1234567.89,4.94065645841247e-324,1,'2024-05-01T10:00:00.000+00:00',17,'cmwsui3ih0004eb7d6pb8vcm6');
INSERT INTO "Course" VALUES(6,'course-5','Course 5','ADVANCED',-3,3.0,0,NULL,'true','cmwsui3ix0005eb7dw0pxbz1z');
INSERT INTO "Course" VALUES(7,'course-6','Course 6','BEGINNER',NULL,3.33333333333333314829e-01,1,'0001-01-01T00:00:00.000+00:00',NULL,'cmwsui3jh0006eb7dw2u310f7');
INSERT INTO "Course" VALUES(8,'course-7','Course 7','ADVANCED',9.99999999999999843788e+13,-1.0e+15,0,NULL,'{}','cmwsui3jx0007eb7dqbg865dj');
INSERT INTO "Course" VALUES(9,'course-8','Course 8','BEGINNER',100,1.5,1,'1970-01-01T00:00:00.000+00:00','[]','cmwsui3kf0008eb7d9ephfms2');
INSERT INTO "Course" VALUES(10,'course-9','Course 9','ADVANCED',NULL,0.0,0,NULL,NULL,'cmwsui3km0009eb7d6djxbm1e');
INSERT INTO "Course" VALUES(11,'course-10','Course 10','BEGINNER',-0.01,-0.5,1,'1969-12-31T23:59:59.001+00:00','"text"','cmwsui3ky000aeb7d6mu8qrfy');
CREATE TABLE "Lesson" (
    "courseId" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "minutes" REAL,

    PRIMARY KEY ("courseId", "position"),
    CONSTRAINT "Lesson_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "Lesson" VALUES(1,0,'Lesson 0','# 0.0

`code`',0.0);
INSERT INTO "Lesson" VALUES(2,0,'Lesson 0','# 1.0

`code`',-0.5);
INSERT INTO "Lesson" VALUES(2,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',0.1);
INSERT INTO "Lesson" VALUES(3,0,'Lesson 0','# 2.0

`code`',0.1);
INSERT INTO "Lesson" VALUES(3,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',1.0e+300);
INSERT INTO "Lesson" VALUES(3,2,'Lesson 2','# 2.2

`code`',4.94065645841247e-324);
INSERT INTO "Lesson" VALUES(4,0,'Lesson 0','# 3.0

`code`',1.0e+300);
INSERT INTO "Lesson" VALUES(4,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',4.94065645841247e-324);
INSERT INTO "Lesson" VALUES(4,2,'Lesson 2','# 3.2

`code`',3.0);
INSERT INTO "Lesson" VALUES(4,3,'Lesson 3','# 3.3

`code`',3.33333333333333314829e-01);
INSERT INTO "Lesson" VALUES(5,0,'Lesson 0','# 4.0

`code`',4.94065645841247e-324);
INSERT INTO "Lesson" VALUES(6,0,'Lesson 0','# 5.0

`code`',3.0);
INSERT INTO "Lesson" VALUES(6,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',3.33333333333333314829e-01);
INSERT INTO "Lesson" VALUES(7,0,'Lesson 0','# 6.0

`code`',3.33333333333333314829e-01);
INSERT INTO "Lesson" VALUES(7,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',-1.0e+15);
INSERT INTO "Lesson" VALUES(7,2,'Lesson 2','# 6.2

`code`',NULL);
INSERT INTO "Lesson" VALUES(8,0,'Lesson 0','# 7.0

`code`',-1.0e+15);
INSERT INTO "Lesson" VALUES(8,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',NULL);
INSERT INTO "Lesson" VALUES(8,2,'Lesson 2','# 7.2

`code`',0.0);
INSERT INTO "Lesson" VALUES(8,3,'Lesson 3','# 7.3

`code`',-0.5);
INSERT INTO "Lesson" VALUES(9,0,'Lesson 0','# 8.0

`code`',NULL);
INSERT INTO "Lesson" VALUES(10,0,'Lesson 0','# 9.0

`code`',0.0);
INSERT INTO "Lesson" VALUES(10,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',-0.5);
INSERT INTO "Lesson" VALUES(11,0,'Lesson 0','# 10.0

`code`',-0.5);
INSERT INTO "Lesson" VALUES(11,1,'Lesson 1','long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ',0.1);
INSERT INTO "Lesson" VALUES(11,2,'Lesson 2','# 10.2

`code`',1.0e+300);
CREATE TABLE "Mark" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "courseId" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "points" DECIMAL NOT NULL,
    "isFinal" BOOLEAN NOT NULL DEFAULT false,
    "note" TEXT,
    "givenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Mark_userId_courseId_fkey" FOREIGN KEY ("userId", "courseId") REFERENCES "course_enrolments" ("userId", "courseId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Mark_courseId_position_fkey" FOREIGN KEY ("courseId", "position") REFERENCES "Lesson" ("courseId", "position") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "Mark" VALUES('23044f38-ac95-4368-a3f6-1ccd34668792','cmwsui3dn0000eb7dwvjfwa4o',1,0,0,1,'Ada Lovelace','2026-11-23T05:48:52.857+00:00');
INSERT INTO "Mark" VALUES('5ac2bdcd-4e10-446a-bca9-5cb24a3045ca','cmwsui3dn0000eb7dwvjfwa4o',7,0,0,1,'Ada Lovelace','2026-11-23T05:48:52.877+00:00');
INSERT INTO "Mark" VALUES('e0449891-d37c-4827-93fe-1f19581d2071','cmwsui3fp0001eb7dt9zw55dn',6,0,-0.01,0,NULL,'2026-11-23T05:48:52.891+00:00');
INSERT INTO "Mark" VALUES('7a53c886-6e66-4cf3-9474-4b5771c15204','cmwsui3h80002eb7dgzplah4h',5,0,12.5,1,'','2026-11-23T05:48:52.928+00:00');
INSERT INTO "Mark" VALUES('4cf10dde-79fc-4191-89aa-a315f51b05b5','cmwsui3h80002eb7dgzplah4h',11,0,12.5,1,'','2026-11-23T05:48:52.937+00:00');
INSERT INTO "Mark" VALUES('26176cd0-ece7-4352-92d3-bf81543b5300','cmwsui3hz0003eb7d81m1javi',4,0,0.1,0,'Åsa Öberg','2026-11-23T05:48:52.951+00:00');
INSERT INTO "Mark" VALUES('5738e1b2-b7b7-4981-ba10-f72f20371751','cmwsui3hz0003eb7d81m1javi',10,0,0.1,0,'Åsa Öberg','2026-11-23T05:48:52.978+00:00');
INSERT INTO "Mark" VALUES('4817ee4f-002f-4565-97bb-c8601a5d65f8','cmwsui3ih0004eb7d6pb8vcm6',3,0,1234567.89,1,'Conan O''Brien','2026-11-23T05:48:52.996+00:00');
INSERT INTO "Mark" VALUES('0f3efc2a-cdc8-4087-9054-9a3d7e0b6cb0','cmwsui3ih0004eb7d6pb8vcm6',9,0,1234567.89,1,'Conan O''Brien','2026-11-23T05:48:53.003+00:00');
INSERT INTO "Mark" VALUES('82963ab5-163d-45c6-8b6b-9832a60c0bb7','cmwsui3ix0005eb7dw0pxbz1z',2,0,-3,0,'李小龙','2026-11-23T05:48:53.023+00:00');
INSERT INTO "Mark" VALUES('2a166c2d-bec9-4796-a3f2-04961c49adcc','cmwsui3ix0005eb7dw0pxbz1z',8,0,-3,0,'李小龙','2026-11-23T05:48:53.046+00:00');
INSERT INTO "Mark" VALUES('773a369c-2346-4cd9-b307-5db7bd4eb84b','cmwsui3jh0006eb7dw2u310f7',1,0,1.0e-07,1,'line
break	tab','2026-11-23T05:48:53.100+00:00');
INSERT INTO "Mark" VALUES('140ed124-9fd2-4c89-8678-f90923f9fb8f','cmwsui3jh0006eb7dw2u310f7',7,0,1.0e-07,1,'line
break	tab','2026-11-23T05:48:53.171+00:00');
INSERT INTO "Mark" VALUES('088f2a05-885e-455a-9d3e-d9040032c9c0','cmwsui3jx0007eb7dqbg865dj',6,0,9.99999999999999843788e+13,0,'👩‍🚀 Sally','2026-11-23T05:48:53.216+00:00');
INSERT INTO "Mark" VALUES('c812b3c9-f7b6-4e01-8b41-19a3ef81f48c','cmwsui3kf0008eb7d9ephfms2',5,0,100,1,'\N','2026-11-23T05:48:53.309+00:00');
INSERT INTO "Mark" VALUES('2c5c940d-54ac-4ac1-b335-d202b857295d','cmwsui3kf0008eb7d9ephfms2',11,0,100,1,'\N','2026-11-23T05:48:53.355+00:00');
INSERT INTO "Mark" VALUES('83e040f8-c003-486a-a896-56384dd53759','cmwsui3km0009eb7d6djxbm1e',4,0,0,0,'"quoted"','2026-11-23T05:48:53.431+00:00');
INSERT INTO "Mark" VALUES('a3dd6a10-d337-4287-8b11-f216098c8c2f','cmwsui3km0009eb7d6djxbm1e',10,0,0,0,'"quoted"','2026-11-23T05:48:53.449+00:00');
INSERT INTO "Mark" VALUES('9969cfb0-f787-4099-8b45-7a4681ecc688','cmwsui3ky000aeb7d6mu8qrfy',3,0,-0.01,1,'NULL','2026-11-23T05:48:53.452+00:00');
INSERT INTO "Mark" VALUES('4ac70ebe-8dbe-45d7-b4de-7fe06c5b847b','cmwsui3ky000aeb7d6mu8qrfy',9,0,-0.01,1,'NULL','2026-11-23T05:48:53.486+00:00');
INSERT INTO "Mark" VALUES('bc2ef028-a152-4097-a0e0-f1442a0a29da','cmwsui3lv000beb7dlj8xidj1',2,0,12.5,0,'é and é','2026-11-23T05:48:53.536+00:00');
INSERT INTO "Mark" VALUES('ef441f95-62d0-407d-8149-eb9a102a165f','cmwsui3lv000beb7dlj8xidj1',8,0,12.5,0,'é and é','2026-11-23T05:48:53.580+00:00');
INSERT INTO "Mark" VALUES('9c97b03f-28eb-4781-9bb9-f9a6c987ac7c','cmwsui3mu000ceb7dmbployde',1,0,0.1,1,' spaces ','2026-11-23T05:48:53.601+00:00');
INSERT INTO "Mark" VALUES('fa627d21-1748-4d34-b2fb-06fe19c8aa7b','cmwsui3mu000ceb7dmbployde',7,0,0.1,1,' spaces ','2026-11-23T05:48:53.618+00:00');
INSERT INTO "Mark" VALUES('8a9b0761-5d7b-458a-9792-0d395e6ea581','cmwsui3nt000deb7dh884jmh1',6,0,1234567.89,0,'Ada Lovelace','2026-11-23T05:48:53.656+00:00');
INSERT INTO "Mark" VALUES('30d84108-e790-48cf-abba-f35ff26b6771','cmwsui3rk000eeb7drfyn9ioy',5,0,-3,1,NULL,'2026-11-23T05:48:53.745+00:00');
INSERT INTO "Mark" VALUES('dd221ed6-923b-4f00-af90-5e49acf703f3','cmwsui3rk000eeb7drfyn9ioy',11,0,-3,1,NULL,'2026-11-23T05:48:53.768+00:00');
INSERT INTO "Mark" VALUES('034de816-ed8b-48be-8b22-88a6f82659db','cmwsui3to000feb7d85bfojkz',4,0,1.0e-07,0,'','2026-11-23T05:48:53.777+00:00');
INSERT INTO "Mark" VALUES('d0f6c335-65d7-4a1d-bfaf-886602fad2bf','cmwsui3to000feb7d85bfojkz',10,0,1.0e-07,0,'','2026-11-23T05:48:53.800+00:00');
INSERT INTO "Mark" VALUES('07fa4fe9-ebe8-4b8c-9f0f-4b9b8ac82adc','cmwsui3tr000geb7d9qekel07',3,0,9.99999999999999843788e+13,1,'Åsa Öberg','2026-11-23T05:48:53.837+00:00');
INSERT INTO "Mark" VALUES('6418eda3-84e3-4587-8fd3-de7ca415b4b7','cmwsui3tr000geb7d9qekel07',9,0,9.99999999999999843788e+13,1,'Åsa Öberg','2026-11-23T05:48:53.871+00:00');
INSERT INTO "Mark" VALUES('a6e63218-911d-4013-a527-f5628796f1b2','cmwsui3u3000heb7d098p05hp',2,0,100,0,'Conan O''Brien','2026-11-23T05:48:53.929+00:00');
INSERT INTO "Mark" VALUES('b80ae709-0571-4cbe-9031-866554ad8885','cmwsui3u3000heb7d098p05hp',8,0,100,0,'Conan O''Brien','2026-11-23T05:48:53.948+00:00');
INSERT INTO "Mark" VALUES('b7c2058f-f7a1-4ab8-afbb-c6487699039c','cmwsui3u9000ieb7d3c4cmdim',1,0,0,1,'李小龙','2026-11-23T05:48:53.975+00:00');
INSERT INTO "Mark" VALUES('d53e4881-fae2-4fac-aa22-291cbddf8c89','cmwsui3u9000ieb7d3c4cmdim',7,0,0,1,'李小龙','2026-11-23T05:48:54.030+00:00');
INSERT INTO "Mark" VALUES('5e2acced-9f6b-4bef-872e-ab8a277c22bb','cmwsui3ug000jeb7d6w5qc6hf',6,0,-0.01,0,'line
break	tab','2026-11-23T05:48:54.068+00:00');
INSERT INTO "Mark" VALUES('b87d937d-a4a7-4ea1-a8b8-428598ffdb48','cmwsui3up000keb7dn1f81ue2',5,0,12.5,1,'👩‍🚀 Sally','2026-11-23T05:48:54.128+00:00');
INSERT INTO "Mark" VALUES('d74e5ef4-4be9-4c95-bfbb-0a04879110f9','cmwsui3up000keb7dn1f81ue2',11,0,12.5,1,'👩‍🚀 Sally','2026-11-23T05:48:54.156+00:00');
INSERT INTO "Mark" VALUES('c8de9430-0022-47c4-8883-067eb3c7e93c','cmwsui3vp000leb7d1ca25wny',4,0,0.1,0,'\N','2026-11-23T05:48:54.173+00:00');
INSERT INTO "Mark" VALUES('4b7bc2e6-c91b-4f1c-b7f0-d122f4381545','cmwsui3vp000leb7d1ca25wny',10,0,0.1,0,'\N','2026-11-23T05:48:54.207+00:00');
INSERT INTO "Mark" VALUES('7e02fd47-1177-4792-b44f-09304283fc2c','cmwsui3xg000meb7d101w6uyf',3,0,1234567.89,1,'"quoted"','2026-11-23T05:48:54.251+00:00');
INSERT INTO "Mark" VALUES('864dda9c-65a7-4911-9fbb-05f14d9115c7','cmwsui3xg000meb7d101w6uyf',9,0,1234567.89,1,'"quoted"','2026-11-23T05:48:54.268+00:00');
INSERT INTO "Mark" VALUES('f6592f8c-fc02-4923-81d9-a8b278532ff6','cmwsui3xu000neb7di5oadlfm',2,0,-3,0,'NULL','2026-11-23T05:48:54.327+00:00');
INSERT INTO "Mark" VALUES('e8e0ae81-1e82-4ab9-9d00-20304af5ea99','cmwsui3xu000neb7di5oadlfm',8,0,-3,0,'NULL','2026-11-23T05:48:54.364+00:00');
INSERT INTO "Mark" VALUES('a99347a6-cfe9-412b-b64c-79a3cf304ed1','cmwsui3yj000oeb7dw612mt0k',1,0,1.0e-07,1,'é and é','2026-11-23T05:48:54.405+00:00');
INSERT INTO "Mark" VALUES('2967b3b8-58ad-4236-93b7-afaf404d3573','cmwsui3yj000oeb7dw612mt0k',7,0,1.0e-07,1,'é and é','2026-11-23T05:48:54.447+00:00');
INSERT INTO "Mark" VALUES('41e458e1-5548-43fd-b7aa-bcc9fd3c40f1','cmwsui3yr000peb7da1fqb6ar',6,0,9.99999999999999843788e+13,0,' spaces ','2026-11-23T05:48:54.491+00:00');
INSERT INTO "Mark" VALUES('2c75a4c9-21c7-48d3-abc9-0352f0c9810b','cmwsui3z4000qeb7dk9sfhkdr',5,0,100,1,'Ada Lovelace','2026-11-23T05:48:54.525+00:00');
INSERT INTO "Mark" VALUES('b3007ecd-3cdd-48bb-a2b8-9514ad6d5a20','cmwsui3z4000qeb7dk9sfhkdr',11,0,100,1,'Ada Lovelace','2026-11-23T05:48:54.538+00:00');
INSERT INTO "Mark" VALUES('22815685-4819-4035-ba06-e1083a26a8b5','cmwsui3z8000reb7dwn7ei7yv',4,0,0,0,NULL,'2026-11-23T05:48:54.558+00:00');
INSERT INTO "Mark" VALUES('965c4a02-91e3-470b-905a-7e243d5a0c0e','cmwsui3z8000reb7dwn7ei7yv',10,0,0,0,NULL,'2026-11-23T05:48:54.579+00:00');
INSERT INTO "Mark" VALUES('e021654f-4f34-498d-b0a7-682680d5a220','cmwsui3zf000seb7don5tg0ol',3,0,-0.01,1,'','2026-11-23T05:48:54.619+00:00');
INSERT INTO "Mark" VALUES('7afb69c4-77ee-4864-ba05-d919b4837ac8','cmwsui3zf000seb7don5tg0ol',9,0,-0.01,1,'','2026-11-23T05:48:54.627+00:00');
INSERT INTO "Mark" VALUES('01aeacb9-dff9-4bc2-84bd-3bf9048ecff5','cmwsui3zo000teb7d2hbacgc2',2,0,12.5,0,'Åsa Öberg','2026-11-23T05:48:54.648+00:00');
INSERT INTO "Mark" VALUES('4fdd287b-61f1-49db-a7a3-5e2c22ea5fed','cmwsui3zo000teb7d2hbacgc2',8,0,12.5,0,'Åsa Öberg','2026-11-23T05:48:54.687+00:00');
INSERT INTO "Mark" VALUES('e663c577-fee3-49f3-b578-8efb12fec614','cmwsui3zw000ueb7dygondbs5',1,0,0.1,1,'Conan O''Brien','2026-11-23T05:48:54.701+00:00');
INSERT INTO "Mark" VALUES('b278b7db-74d8-4a96-90fc-8060b8edfa13','cmwsui3zw000ueb7dygondbs5',7,0,0.1,1,'Conan O''Brien','2026-11-23T05:48:54.713+00:00');
INSERT INTO "Mark" VALUES('a38737f5-9efd-49f1-be1a-921933e9d1f2','cmwsui407000veb7d49hfd7i5',6,0,1234567.89,0,'李小龙','2026-11-23T05:48:54.728+00:00');
INSERT INTO "Mark" VALUES('53e1aaad-f1a8-4548-9bef-eace12a78c06','cmwsui40e000web7d58ht4eav',5,0,-3,1,'line
break	tab','2026-11-23T05:48:54.763+00:00');
INSERT INTO "Mark" VALUES('f7f4d023-5ebc-4084-9a3f-ee475e1ac3cc','cmwsui40e000web7d58ht4eav',11,0,-3,1,'line
break	tab','2026-11-23T05:48:54.777+00:00');
INSERT INTO "Mark" VALUES('110afbec-e2db-439d-990e-6824710debbb','cmwsui40n000xeb7dqm3jcaix',4,0,1.0e-07,0,'👩‍🚀 Sally','2026-11-23T05:48:54.786+00:00');
INSERT INTO "Mark" VALUES('51c98222-dc8e-4fc1-a1ce-62d938faf315','cmwsui40n000xeb7dqm3jcaix',10,0,1.0e-07,0,'👩‍🚀 Sally','2026-11-23T05:48:54.812+00:00');
INSERT INTO "Mark" VALUES('ba956eb1-90aa-4aac-8b7a-ea79337b2632','cmwsui40s000yeb7ds61betjy',3,0,9.99999999999999843788e+13,1,'\N','2026-11-23T05:48:54.826+00:00');
INSERT INTO "Mark" VALUES('1c559468-330d-488a-aaa9-b87b82f0f2b9','cmwsui40s000yeb7ds61betjy',9,0,9.99999999999999843788e+13,1,'\N','2026-11-23T05:48:54.844+00:00');
INSERT INTO "Mark" VALUES('4270aa0c-f1fc-48f1-9743-a364b00c5e87','cmwsui417000zeb7dq78qya7f',2,0,100,0,'"quoted"','2026-11-23T05:48:54.884+00:00');
INSERT INTO "Mark" VALUES('adc8387e-a006-4aed-81ad-2eb827bcc0fa','cmwsui417000zeb7dq78qya7f',8,0,100,0,'"quoted"','2026-11-23T05:48:54.966+00:00');
INSERT INTO "Mark" VALUES('71b5995c-5852-4b73-9f78-b9ed592fa49e','cmwsui41o0010eb7d4z307rqv',1,0,0,1,'NULL','2026-11-23T05:48:54.978+00:00');
INSERT INTO "Mark" VALUES('05f421d5-0638-4dac-b98d-2b237e024541','cmwsui41o0010eb7d4z307rqv',7,0,0,1,'NULL','2026-11-23T05:48:54.998+00:00');
INSERT INTO "Mark" VALUES('a4f676ec-9efe-4c84-803b-217e091dc604','cmwsui41y0011eb7drie7nsam',6,0,-0.01,0,'é and é','2026-11-23T05:48:55.016+00:00');
INSERT INTO "Mark" VALUES('4d13291a-4194-4f45-a68a-242fe49191ba','cmwsui42e0012eb7d28zfisw6',5,0,12.5,1,' spaces ','2026-11-23T05:48:55.055+00:00');
INSERT INTO "Mark" VALUES('5df051b9-02e7-4064-97ef-067666ef4adc','cmwsui42e0012eb7d28zfisw6',11,0,12.5,1,' spaces ','2026-11-23T05:48:55.063+00:00');
INSERT INTO "Mark" VALUES('a57bc5d4-b3f5-4f3b-826e-0307140bcac0','cmwsui42p0013eb7dbs8iaen8',4,0,0.1,0,'Ada Lovelace','2026-11-23T05:48:55.097+00:00');
INSERT INTO "Mark" VALUES('ec33747e-4b74-4636-bfe9-5d15d0e13f3c','cmwsui42p0013eb7dbs8iaen8',10,0,0.1,0,'Ada Lovelace','2026-11-23T05:48:55.112+00:00');
CREATE TABLE "Payment" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "userId" TEXT,
    "amount" DECIMAL NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'EUR',
    "receipt" JSONB,
    "proof" BLOB,
    "isRefund" BOOLEAN,
    "paidAt" DATETIME NOT NULL,
    CONSTRAINT "Payment_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "Payment" VALUES(0,NULL,0,'EUR','null',X'',1,'1970-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(-1,'cmwsui3fp0001eb7dt9zw55dn',-0.01,'EUR','[]',X'00',0,'1969-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(9007199254740993,'cmwsui3h80002eb7dgzplah4h',12.5,'EUR','null',X'FFFE005C',NULL,'1969-12-31T23:59:59.001+00:00');
INSERT INTO "Payment" VALUES(9223372036854775807,'cmwsui3hz0003eb7d81m1javi',0.1,'EUR','"text"',NULL,1,'2024-02-29T12:00:00.120+00:00');
INSERT INTO "Payment" VALUES(-9223372036854775808,NULL,1234567.89,'EUR','null',X'',0,'2024-05-01T10:00:00.000+00:00');
INSERT INTO "Payment" VALUES(42,'cmwsui3ix0005eb7dw0pxbz1z',-3,'EUR','true',X'00',NULL,'9999-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(60000000000,'cmwsui3jh0006eb7dw2u310f7',1.0e-07,'EUR','null',X'FFFE005C',1,'0001-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(70000000000,'cmwsui3jx0007eb7dqbg865dj',9.99999999999999843788e+13,'EUR','{}',NULL,0,'2024-10-27T02:30:00.500+00:00');
INSERT INTO "Payment" VALUES(80000000000,NULL,100,'EUR','null',X'',NULL,'1970-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(90000000000,'cmwsui3km0009eb7d6djxbm1e',0,'EUR','{"a":[1,2.5,null,true],"ü\"":" "}',X'00',1,'1969-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(100000000000,'cmwsui3ky000aeb7d6mu8qrfy',-0.01,'EUR','null',X'FFFE005C',0,'1969-12-31T23:59:59.001+00:00');
INSERT INTO "Payment" VALUES(110000000000,'cmwsui3lv000beb7dlj8xidj1',12.5,'EUR',17,NULL,NULL,'2024-02-29T12:00:00.120+00:00');
INSERT INTO "Payment" VALUES(120000000000,NULL,0.1,'EUR','null',X'',1,'2024-05-01T10:00:00.000+00:00');
INSERT INTO "Payment" VALUES(130000000000,'cmwsui3nt000deb7dh884jmh1',1234567.89,'EUR','{"deep":{"deep":{"deep":[]}},"big":1e+21}',X'00',0,'9999-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(140000000000,'cmwsui3rk000eeb7drfyn9ioy',-3,'EUR','null',X'FFFE005C',NULL,'0001-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(150000000000,'cmwsui3to000feb7d85bfojkz',1.0e-07,'EUR','[]',NULL,1,'2024-10-27T02:30:00.500+00:00');
INSERT INTO "Payment" VALUES(160000000000,NULL,9.99999999999999843788e+13,'EUR','null',X'',0,'1970-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(170000000000,'cmwsui3u3000heb7d098p05hp',100,'EUR','"text"',X'00',NULL,'1969-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(180000000000,'cmwsui3u9000ieb7d3c4cmdim',0,'EUR','null',X'FFFE005C',1,'1969-12-31T23:59:59.001+00:00');
INSERT INTO "Payment" VALUES(190000000000,'cmwsui3ug000jeb7d6w5qc6hf',-0.01,'EUR','true',NULL,0,'2024-02-29T12:00:00.120+00:00');
INSERT INTO "Payment" VALUES(200000000000,NULL,12.5,'EUR','null',X'',NULL,'2024-05-01T10:00:00.000+00:00');
INSERT INTO "Payment" VALUES(210000000000,'cmwsui3vp000leb7d1ca25wny',0.1,'EUR','{}',X'00',1,'9999-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(220000000000,'cmwsui3xg000meb7d101w6uyf',1234567.89,'EUR','null',X'FFFE005C',0,'0001-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(230000000000,'cmwsui3xu000neb7di5oadlfm',-3,'EUR','{"a":[1,2.5,null,true],"ü\"":" "}',NULL,NULL,'2024-10-27T02:30:00.500+00:00');
INSERT INTO "Payment" VALUES(240000000000,NULL,1.0e-07,'EUR','null',X'',1,'1970-01-01T00:00:00.000+00:00');
INSERT INTO "Payment" VALUES(250000000000,'cmwsui3yr000peb7da1fqb6ar',9.99999999999999843788e+13,'EUR',17,X'00',0,'1969-12-31T23:59:59.999+00:00');
INSERT INTO "Payment" VALUES(260000000000,'cmwsui3z4000qeb7dk9sfhkdr',100,'EUR','null',X'FFFE005C',NULL,'1969-12-31T23:59:59.001+00:00');
INSERT INTO "Payment" VALUES(270000000000,'cmwsui3z8000reb7dwn7ei7yv',0,'EUR','{"deep":{"deep":{"deep":[]}},"big":1e+21}',NULL,1,'2024-02-29T12:00:00.120+00:00');
INSERT INTO "Payment" VALUES(280000000000,NULL,-0.01,'EUR','null',X'',0,'2024-05-01T10:00:00.000+00:00');
INSERT INTO "Payment" VALUES(290000000000,'cmwsui3zo000teb7d2hbacgc2',12.5,'EUR','[]',X'00',NULL,'9999-12-31T23:59:59.999+00:00');
CREATE TABLE "Session" (
    "token" BLOB NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "Session" VALUES(X'0000FF','cmwsui3dn0000eb7dwvjfwa4o','1970-01-01T00:00:00.000+00:00');
INSERT INTO "Session" VALUES(X'0700F8','cmwsui3jx0007eb7dqbg865dj','2024-10-27T02:30:00.500+00:00');
INSERT INTO "Session" VALUES(X'0E00F1','cmwsui3rk000eeb7drfyn9ioy','0001-01-01T00:00:00.000+00:00');
INSERT INTO "Session" VALUES(X'1500EA','cmwsui3vp000leb7d1ca25wny','9999-12-31T23:59:59.999+00:00');
INSERT INTO "Session" VALUES(X'1C00E3','cmwsui3zf000seb7don5tg0ol','2024-05-01T10:00:00.000+00:00');
INSERT INTO "Session" VALUES(X'2300DC','cmwsui417000zeb7dq78qya7f','2024-02-29T12:00:00.120+00:00');
CREATE TABLE "Tag" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL
);
INSERT INTO "Tag" VALUES(1,'solidity');
INSERT INTO "Tag" VALUES(2,'Solidity');
INSERT INTO "Tag" VALUES(3,'défi');
INSERT INTO "Tag" VALUES(4,'');
INSERT INTO "Tag" VALUES(5,'c#');
INSERT INTO "Tag" VALUES(6,'unused');
CREATE TABLE "_CourseToTag" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,
    CONSTRAINT "_CourseToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Course" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_CourseToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "_CourseToTag" VALUES(1,1);
INSERT INTO "_CourseToTag" VALUES(2,1);
INSERT INTO "_CourseToTag" VALUES(2,2);
INSERT INTO "_CourseToTag" VALUES(3,1);
INSERT INTO "_CourseToTag" VALUES(3,2);
INSERT INTO "_CourseToTag" VALUES(3,3);
INSERT INTO "_CourseToTag" VALUES(4,1);
INSERT INTO "_CourseToTag" VALUES(4,2);
INSERT INTO "_CourseToTag" VALUES(4,3);
INSERT INTO "_CourseToTag" VALUES(4,4);
INSERT INTO "_CourseToTag" VALUES(5,1);
INSERT INTO "_CourseToTag" VALUES(5,2);
INSERT INTO "_CourseToTag" VALUES(5,3);
INSERT INTO "_CourseToTag" VALUES(5,4);
INSERT INTO "_CourseToTag" VALUES(5,5);
INSERT INTO "_CourseToTag" VALUES(6,1);
INSERT INTO "_CourseToTag" VALUES(7,1);
INSERT INTO "_CourseToTag" VALUES(7,2);
INSERT INTO "_CourseToTag" VALUES(8,1);
INSERT INTO "_CourseToTag" VALUES(8,2);
INSERT INTO "_CourseToTag" VALUES(8,3);
INSERT INTO "_CourseToTag" VALUES(9,1);
INSERT INTO "_CourseToTag" VALUES(9,2);
INSERT INTO "_CourseToTag" VALUES(9,3);
INSERT INTO "_CourseToTag" VALUES(9,4);
INSERT INTO "_CourseToTag" VALUES(10,1);
INSERT INTO "_CourseToTag" VALUES(10,2);
INSERT INTO "_CourseToTag" VALUES(10,3);
INSERT INTO "_CourseToTag" VALUES(10,4);
INSERT INTO "_CourseToTag" VALUES(10,5);
INSERT INTO "_CourseToTag" VALUES(11,1);
CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);
INSERT INTO "_prisma_migrations" VALUES('2e11817c-12ee-4457-8668-ac514814031b','ef7eee673b52da3229b440646ff1434f4383c3e2205f81dbf9c5a5db71ddbe74','2026-11-23T05:48:49.471+00:00','20261123000000_init',NULL,NULL,'2026-11-23T05:48:48.893+00:00',1);
CREATE TABLE "course_enrolments" (
    "userId" TEXT NOT NULL,
    "courseId" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "progress" REAL NOT NULL DEFAULT 0,
    "enrolledAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME,

    PRIMARY KEY ("userId", "courseId"),
    CONSTRAINT "course_enrolments_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "course_enrolments_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "course_enrolments" VALUES('cmwsui3dn0000eb7dwvjfwa4o',1,'ACTIVE',0.0,'2026-11-23T05:48:52.857+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3dn0000eb7dwvjfwa4o',7,'ACTIVE',0.0,'2026-11-23T05:48:52.877+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3fp0001eb7dt9zw55dn',6,'PAUSED',0.5,'2026-11-23T05:48:52.891+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3h80002eb7dgzplah4h',5,'done',1.0,'2026-11-23T05:48:52.928+00:00','1969-12-31T23:59:59.001+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3h80002eb7dgzplah4h',11,'done',1.0,'2026-11-23T05:48:52.937+00:00','1969-12-31T23:59:59.001+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3hz0003eb7d81m1javi',4,'ACTIVE',99.9,'2026-11-23T05:48:52.951+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3hz0003eb7d81m1javi',10,'ACTIVE',99.9,'2026-11-23T05:48:52.978+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ih0004eb7d6pb8vcm6',3,'PAUSED',0.0,'2026-11-23T05:48:52.996+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ih0004eb7d6pb8vcm6',9,'PAUSED',0.0,'2026-11-23T05:48:53.003+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ix0005eb7dw0pxbz1z',2,'done',0.5,'2026-11-23T05:48:53.023+00:00','9999-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3ix0005eb7dw0pxbz1z',8,'done',0.5,'2026-11-23T05:48:53.046+00:00','9999-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3jh0006eb7dw2u310f7',1,'ACTIVE',1.0,'2026-11-23T05:48:53.100+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3jh0006eb7dw2u310f7',7,'ACTIVE',1.0,'2026-11-23T05:48:53.171+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3jx0007eb7dqbg865dj',6,'PAUSED',99.9,'2026-11-23T05:48:53.216+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3kf0008eb7d9ephfms2',5,'done',0.0,'2026-11-23T05:48:53.309+00:00','1970-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3kf0008eb7d9ephfms2',11,'done',0.0,'2026-11-23T05:48:53.355+00:00','1970-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3km0009eb7d6djxbm1e',4,'ACTIVE',0.5,'2026-11-23T05:48:53.431+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3km0009eb7d6djxbm1e',10,'ACTIVE',0.5,'2026-11-23T05:48:53.449+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ky000aeb7d6mu8qrfy',3,'PAUSED',1.0,'2026-11-23T05:48:53.452+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ky000aeb7d6mu8qrfy',9,'PAUSED',1.0,'2026-11-23T05:48:53.486+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3lv000beb7dlj8xidj1',2,'done',99.9,'2026-11-23T05:48:53.536+00:00','2024-02-29T12:00:00.120+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3lv000beb7dlj8xidj1',8,'done',99.9,'2026-11-23T05:48:53.580+00:00','2024-02-29T12:00:00.120+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3mu000ceb7dmbployde',1,'ACTIVE',0.0,'2026-11-23T05:48:53.601+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3mu000ceb7dmbployde',7,'ACTIVE',0.0,'2026-11-23T05:48:53.618+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3nt000deb7dh884jmh1',6,'PAUSED',0.5,'2026-11-23T05:48:53.656+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3rk000eeb7drfyn9ioy',5,'done',1.0,'2026-11-23T05:48:53.745+00:00','0001-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3rk000eeb7drfyn9ioy',11,'done',1.0,'2026-11-23T05:48:53.768+00:00','0001-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3to000feb7d85bfojkz',4,'ACTIVE',99.9,'2026-11-23T05:48:53.777+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3to000feb7d85bfojkz',10,'ACTIVE',99.9,'2026-11-23T05:48:53.800+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3tr000geb7d9qekel07',3,'PAUSED',0.0,'2026-11-23T05:48:53.837+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3tr000geb7d9qekel07',9,'PAUSED',0.0,'2026-11-23T05:48:53.871+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3u3000heb7d098p05hp',2,'done',0.5,'2026-11-23T05:48:53.929+00:00','1969-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3u3000heb7d098p05hp',8,'done',0.5,'2026-11-23T05:48:53.948+00:00','1969-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3u9000ieb7d3c4cmdim',1,'ACTIVE',1.0,'2026-11-23T05:48:53.975+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3u9000ieb7d3c4cmdim',7,'ACTIVE',1.0,'2026-11-23T05:48:54.030+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3ug000jeb7d6w5qc6hf',6,'PAUSED',99.9,'2026-11-23T05:48:54.068+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3up000keb7dn1f81ue2',5,'done',0.0,'2026-11-23T05:48:54.128+00:00','2024-05-01T10:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3up000keb7dn1f81ue2',11,'done',0.0,'2026-11-23T05:48:54.156+00:00','2024-05-01T10:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3vp000leb7d1ca25wny',4,'ACTIVE',0.5,'2026-11-23T05:48:54.173+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3vp000leb7d1ca25wny',10,'ACTIVE',0.5,'2026-11-23T05:48:54.207+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3xg000meb7d101w6uyf',3,'PAUSED',1.0,'2026-11-23T05:48:54.251+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3xg000meb7d101w6uyf',9,'PAUSED',1.0,'2026-11-23T05:48:54.268+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3xu000neb7di5oadlfm',2,'done',99.9,'2026-11-23T05:48:54.327+00:00','2024-10-27T02:30:00.500+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3xu000neb7di5oadlfm',8,'done',99.9,'2026-11-23T05:48:54.364+00:00','2024-10-27T02:30:00.500+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3yj000oeb7dw612mt0k',1,'ACTIVE',0.0,'2026-11-23T05:48:54.405+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3yj000oeb7dw612mt0k',7,'ACTIVE',0.0,'2026-11-23T05:48:54.447+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3yr000peb7da1fqb6ar',6,'PAUSED',0.5,'2026-11-23T05:48:54.491+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3z4000qeb7dk9sfhkdr',5,'done',1.0,'2026-11-23T05:48:54.525+00:00','1969-12-31T23:59:59.001+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3z4000qeb7dk9sfhkdr',11,'done',1.0,'2026-11-23T05:48:54.538+00:00','1969-12-31T23:59:59.001+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3z8000reb7dwn7ei7yv',4,'ACTIVE',99.9,'2026-11-23T05:48:54.558+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3z8000reb7dwn7ei7yv',10,'ACTIVE',99.9,'2026-11-23T05:48:54.579+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3zf000seb7don5tg0ol',3,'PAUSED',0.0,'2026-11-23T05:48:54.619+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3zf000seb7don5tg0ol',9,'PAUSED',0.0,'2026-11-23T05:48:54.627+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3zo000teb7d2hbacgc2',2,'done',0.5,'2026-11-23T05:48:54.648+00:00','9999-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3zo000teb7d2hbacgc2',8,'done',0.5,'2026-11-23T05:48:54.687+00:00','9999-12-31T23:59:59.999+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui3zw000ueb7dygondbs5',1,'ACTIVE',1.0,'2026-11-23T05:48:54.701+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui3zw000ueb7dygondbs5',7,'ACTIVE',1.0,'2026-11-23T05:48:54.713+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui407000veb7d49hfd7i5',6,'PAUSED',99.9,'2026-11-23T05:48:54.728+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui40e000web7d58ht4eav',5,'done',0.0,'2026-11-23T05:48:54.763+00:00','1970-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui40e000web7d58ht4eav',11,'done',0.0,'2026-11-23T05:48:54.777+00:00','1970-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui40n000xeb7dqm3jcaix',4,'ACTIVE',0.5,'2026-11-23T05:48:54.786+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui40n000xeb7dqm3jcaix',10,'ACTIVE',0.5,'2026-11-23T05:48:54.812+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui40s000yeb7ds61betjy',3,'PAUSED',1.0,'2026-11-23T05:48:54.826+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui40s000yeb7ds61betjy',9,'PAUSED',1.0,'2026-11-23T05:48:54.844+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui417000zeb7dq78qya7f',2,'done',99.9,'2026-11-23T05:48:54.884+00:00','2024-02-29T12:00:00.120+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui417000zeb7dq78qya7f',8,'done',99.9,'2026-11-23T05:48:54.966+00:00','2024-02-29T12:00:00.120+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui41o0010eb7d4z307rqv',1,'ACTIVE',0.0,'2026-11-23T05:48:54.978+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui41o0010eb7d4z307rqv',7,'ACTIVE',0.0,'2026-11-23T05:48:54.998+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui41y0011eb7drie7nsam',6,'PAUSED',0.5,'2026-11-23T05:48:55.016+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui42e0012eb7d28zfisw6',5,'done',1.0,'2026-11-23T05:48:55.055+00:00','0001-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui42e0012eb7d28zfisw6',11,'done',1.0,'2026-11-23T05:48:55.063+00:00','0001-01-01T00:00:00.000+00:00');
INSERT INTO "course_enrolments" VALUES('cmwsui42p0013eb7dbs8iaen8',4,'ACTIVE',99.9,'2026-11-23T05:48:55.097+00:00',NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui42p0013eb7dbs8iaen8',10,'ACTIVE',99.9,'2026-11-23T05:48:55.112+00:00',NULL);
CREATE TABLE "order" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "from" TEXT NOT NULL DEFAULT 'here',
    "select" INTEGER NOT NULL DEFAULT -1,
    "group" REAL NOT NULL DEFAULT 0
);
INSERT INTO "order" VALUES('V7OMILxPauq5XsNgyk4AC','here',1,0.0);
INSERT INTO "order" VALUES('inl7D0bDJR3l1zmgcsvTn','there',-1,0.25);
INSERT INTO "order" VALUES('6KQS2bpniJ-XxJFHfBbdi','',-2147483648,0.0);
CREATE TABLE "profiles" (
    "user_id" TEXT NOT NULL PRIMARY KEY,
    "bio" TEXT NOT NULL DEFAULT 'It''s "me"
',
    "website" TEXT,
    CONSTRAINT "profiles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "profiles" VALUES('cmwsui3dn0000eb7dwvjfwa4o','It''s "me"
','https://example.org/~0');
INSERT INTO "profiles" VALUES('cmwsui3h80002eb7dgzplah4h','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3ih0004eb7d6pb8vcm6','It''s "me"
','https://example.org/~4');
INSERT INTO "profiles" VALUES('cmwsui3jh0006eb7dw2u310f7','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3kf0008eb7d9ephfms2','It''s "me"
','https://example.org/~8');
INSERT INTO "profiles" VALUES('cmwsui3ky000aeb7d6mu8qrfy','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3mu000ceb7dmbployde','It''s "me"
','https://example.org/~12');
INSERT INTO "profiles" VALUES('cmwsui3rk000eeb7drfyn9ioy','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3tr000geb7d9qekel07','It''s "me"
','https://example.org/~16');
INSERT INTO "profiles" VALUES('cmwsui3u9000ieb7d3c4cmdim','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3up000keb7dn1f81ue2','It''s "me"
','https://example.org/~20');
INSERT INTO "profiles" VALUES('cmwsui3xg000meb7d101w6uyf','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3yj000oeb7dw612mt0k','It''s "me"
','https://example.org/~24');
INSERT INTO "profiles" VALUES('cmwsui3z4000qeb7dk9sfhkdr','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui3zf000seb7don5tg0ol','It''s "me"
','https://example.org/~28');
INSERT INTO "profiles" VALUES('cmwsui3zw000ueb7dygondbs5','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui40e000web7d58ht4eav','It''s "me"
','https://example.org/~32');
INSERT INTO "profiles" VALUES('cmwsui40s000yeb7ds61betjy','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui41o0010eb7d4z307rqv','It''s "me"
','https://example.org/~36');
INSERT INTO "profiles" VALUES('cmwsui42e0012eb7d28zfisw6','It''s "me"
',NULL);
CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "role" TEXT NOT NULL DEFAULT 'LEARNER',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "balance" DECIMAL NOT NULL DEFAULT 0,
    "points" BIGINT NOT NULL DEFAULT 0,
    "rating" REAL,
    "avatar" BLOB,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "born_on" DATETIME,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    "mentor_id" TEXT,
    CONSTRAINT "users_mentor_id_fkey" FOREIGN KEY ("mentor_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "users" VALUES('cmwsui3dn0000eb7dwvjfwa4o','user0@example.org','Ada Lovelace','LEARNER',0,0,0,0.0,X'','{}',NULL,'2026-11-23T05:48:50.459+00:00','2026-11-23T05:48:50.459+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3fp0001eb7dt9zw55dn','user1@example.org',NULL,'TEACHER',1,-0.01,-1,-0.5,X'00','[]','1969-12-31T23:59:59.999+00:00','2026-11-23T05:48:50.533+00:00','2026-11-23T05:48:50.533+00:00','cmwsui3dn0000eb7dwvjfwa4o');
INSERT INTO "users" VALUES('cmwsui3h80002eb7dgzplah4h','user2@example.org','','ADMIN',1,12.5,9007199254740993,0.1,X'FFFE005C','{"a":[1,2.5,null,true],"ü\"":" "}','1969-12-31T23:59:59.001+00:00','2026-11-23T05:48:50.588+00:00','2026-11-23T05:48:50.588+00:00','cmwsui3fp0001eb7dt9zw55dn');
INSERT INTO "users" VALUES('cmwsui3hz0003eb7d81m1javi','NAÏVE@Example.org','Åsa Öberg','LEARNER',0,0.1,9223372036854775807,1.0e+300,NULL,'"text"','2024-02-29T12:00:00.120+00:00','2026-11-23T05:48:50.615+00:00','2026-11-23T05:48:50.615+00:00','cmwsui3fp0001eb7dt9zw55dn');
INSERT INTO "users" VALUES('cmwsui3ih0004eb7d6pb8vcm6','user4@example.org','Conan O''Brien','TEACHER',1,1234567.89,-9223372036854775808,4.94065645841247e-324,X'',17,NULL,'2026-11-23T05:48:50.633+00:00','2026-11-23T05:48:50.633+00:00','cmwsui3h80002eb7dgzplah4h');
INSERT INTO "users" VALUES('cmwsui3ix0005eb7dw0pxbz1z','user5@example.org','李小龙','ADMIN',1,-3,42,3.0,X'00','true','9999-12-31T23:59:59.999+00:00','2026-11-23T05:48:50.649+00:00','2026-11-23T05:48:50.649+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3jh0006eb7dw2u310f7','user6@example.org','line
break	tab','LEARNER',0,1.0e-07,0,3.33333333333333314829e-01,X'FFFE005C','{"deep":{"deep":{"deep":[]}},"big":1e+21}','0001-01-01T00:00:00.000+00:00','2026-11-23T05:48:50.669+00:00','2026-11-23T05:48:50.669+00:00','cmwsui3hz0003eb7d81m1javi');
INSERT INTO "users" VALUES('cmwsui3jx0007eb7dqbg865dj','user7@example.org','👩‍🚀 Sally','TEACHER',1,9.99999999999999843788e+13,-1,-1.0e+15,NULL,'{}','2024-10-27T02:30:00.500+00:00','2026-11-23T05:48:50.685+00:00','2026-11-23T05:48:50.685+00:00','cmwsui3hz0003eb7d81m1javi');
INSERT INTO "users" VALUES('cmwsui3kf0008eb7d9ephfms2','user8@example.org','\N','ADMIN',1,100,9007199254740993,NULL,X'','[]',NULL,'2026-11-23T05:48:50.704+00:00','2026-11-23T05:48:50.704+00:00','cmwsui3ih0004eb7d6pb8vcm6');
INSERT INTO "users" VALUES('cmwsui3km0009eb7d6djxbm1e','user9@example.org','"quoted"','LEARNER',0,0,9223372036854775807,0.0,X'00','{"a":[1,2.5,null,true],"ü\"":" "}','1969-12-31T23:59:59.999+00:00','2026-11-23T05:48:50.710+00:00','2026-11-23T05:48:50.710+00:00','cmwsui3ih0004eb7d6pb8vcm6');
INSERT INTO "users" VALUES('cmwsui3ky000aeb7d6mu8qrfy','user10@example.org','NULL','TEACHER',1,-0.01,-9223372036854775808,-0.5,X'FFFE005C','"text"','1969-12-31T23:59:59.001+00:00','2026-11-23T05:48:50.722+00:00','2026-11-23T05:48:50.722+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3lv000beb7dlj8xidj1','user11@example.org','é and é','ADMIN',1,12.5,42,0.1,NULL,17,'2024-02-29T12:00:00.120+00:00','2026-11-23T05:48:50.756+00:00','2026-11-23T05:48:50.756+00:00','cmwsui3ix0005eb7dw0pxbz1z');
INSERT INTO "users" VALUES('cmwsui3mu000ceb7dmbployde','user12@example.org',' spaces ','LEARNER',0,0.1,0,1.0e+300,X'','true',NULL,'2026-11-23T05:48:50.790+00:00','2026-11-23T05:48:50.790+00:00','cmwsui3jh0006eb7dw2u310f7');
INSERT INTO "users" VALUES('cmwsui3nt000deb7dh884jmh1','user13@example.org','Ada Lovelace','TEACHER',1,1234567.89,-1,4.94065645841247e-324,X'00','{"deep":{"deep":{"deep":[]}},"big":1e+21}','9999-12-31T23:59:59.999+00:00','2026-11-23T05:48:50.825+00:00','2026-11-23T05:48:50.825+00:00','cmwsui3jh0006eb7dw2u310f7');
INSERT INTO "users" VALUES('cmwsui3rk000eeb7drfyn9ioy','user14@example.org',NULL,'ADMIN',1,-3,9007199254740993,3.0,X'FFFE005C','{}','0001-01-01T00:00:00.000+00:00','2026-11-23T05:48:50.960+00:00','2026-11-23T05:48:50.960+00:00','cmwsui3jx0007eb7dqbg865dj');
INSERT INTO "users" VALUES('cmwsui3to000feb7d85bfojkz','user15@example.org','','LEARNER',0,1.0e-07,9223372036854775807,3.33333333333333314829e-01,NULL,'[]','2024-10-27T02:30:00.500+00:00','2026-11-23T05:48:51.036+00:00','2026-11-23T05:48:51.036+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3tr000geb7d9qekel07','user16@example.org','Åsa Öberg','TEACHER',1,9.99999999999999843788e+13,-9223372036854775808,-1.0e+15,X'','{"a":[1,2.5,null,true],"ü\"":" "}',NULL,'2026-11-23T05:48:51.039+00:00','2026-11-23T05:48:51.039+00:00','cmwsui3kf0008eb7d9ephfms2');
INSERT INTO "users" VALUES('cmwsui3u3000heb7d098p05hp','user17@example.org','Conan O''Brien','ADMIN',1,100,42,NULL,X'00','"text"','1969-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.051+00:00','2026-11-23T05:48:51.051+00:00','cmwsui3kf0008eb7d9ephfms2');
INSERT INTO "users" VALUES('cmwsui3u9000ieb7d3c4cmdim','user18@example.org','李小龙','LEARNER',0,0,0,0.0,X'FFFE005C',17,'1969-12-31T23:59:59.001+00:00','2026-11-23T05:48:51.057+00:00','2026-11-23T05:48:51.057+00:00','cmwsui3km0009eb7d6djxbm1e');
INSERT INTO "users" VALUES('cmwsui3ug000jeb7d6w5qc6hf','user19@example.org','line
break	tab','TEACHER',1,-0.01,-1,-0.5,NULL,'true','2024-02-29T12:00:00.120+00:00','2026-11-23T05:48:51.064+00:00','2026-11-23T05:48:51.064+00:00','cmwsui3km0009eb7d6djxbm1e');
INSERT INTO "users" VALUES('cmwsui3up000keb7dn1f81ue2','user20@example.org','👩‍🚀 Sally','ADMIN',1,12.5,9007199254740993,0.1,X'','{"deep":{"deep":{"deep":[]}},"big":1e+21}',NULL,'2026-11-23T05:48:51.073+00:00','2026-11-23T05:48:51.073+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3vp000leb7d1ca25wny','user21@example.org','\N','LEARNER',0,0.1,9223372036854775807,1.0e+300,X'00','{}','9999-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.109+00:00','2026-11-23T05:48:51.109+00:00','cmwsui3ky000aeb7d6mu8qrfy');
INSERT INTO "users" VALUES('cmwsui3xg000meb7d101w6uyf','user22@example.org','"quoted"','TEACHER',1,1234567.89,-9223372036854775808,4.94065645841247e-324,X'FFFE005C','[]','0001-01-01T00:00:00.000+00:00','2026-11-23T05:48:51.172+00:00','2026-11-23T05:48:51.172+00:00','cmwsui3lv000beb7dlj8xidj1');
INSERT INTO "users" VALUES('cmwsui3xu000neb7di5oadlfm','user23@example.org','NULL','ADMIN',1,-3,42,3.0,NULL,'{"a":[1,2.5,null,true],"ü\"":" "}','2024-10-27T02:30:00.500+00:00','2026-11-23T05:48:51.186+00:00','2026-11-23T05:48:51.186+00:00','cmwsui3lv000beb7dlj8xidj1');
INSERT INTO "users" VALUES('cmwsui3yj000oeb7dw612mt0k','user24@example.org','é and é','LEARNER',0,1.0e-07,0,3.33333333333333314829e-01,X'','"text"',NULL,'2026-11-23T05:48:51.211+00:00','2026-11-23T05:48:51.211+00:00','cmwsui3mu000ceb7dmbployde');
INSERT INTO "users" VALUES('cmwsui3yr000peb7da1fqb6ar','user25@example.org',' spaces ','TEACHER',1,9.99999999999999843788e+13,-1,-1.0e+15,X'00',17,'1969-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.219+00:00','2026-11-23T05:48:51.219+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui3z4000qeb7dk9sfhkdr','user26@example.org','Ada Lovelace','ADMIN',1,100,9007199254740993,NULL,X'FFFE005C','true','1969-12-31T23:59:59.001+00:00','2026-11-23T05:48:51.232+00:00','2026-11-23T05:48:51.232+00:00','cmwsui3nt000deb7dh884jmh1');
INSERT INTO "users" VALUES('cmwsui3z8000reb7dwn7ei7yv','user27@example.org',NULL,'LEARNER',0,0,9223372036854775807,0.0,NULL,'{"deep":{"deep":{"deep":[]}},"big":1e+21}','2024-02-29T12:00:00.120+00:00','2026-11-23T05:48:51.236+00:00','2026-11-23T05:48:51.236+00:00','cmwsui3nt000deb7dh884jmh1');
INSERT INTO "users" VALUES('cmwsui3zf000seb7don5tg0ol','user28@example.org','','TEACHER',1,-0.01,-9223372036854775808,-0.5,X'','{}',NULL,'2026-11-23T05:48:51.243+00:00','2026-11-23T05:48:51.243+00:00','cmwsui3rk000eeb7drfyn9ioy');
INSERT INTO "users" VALUES('cmwsui3zo000teb7d2hbacgc2','user29@example.org','Åsa Öberg','ADMIN',1,12.5,42,0.1,X'00','[]','9999-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.252+00:00','2026-11-23T05:48:51.252+00:00','cmwsui3rk000eeb7drfyn9ioy');
INSERT INTO "users" VALUES('cmwsui3zw000ueb7dygondbs5','user30@example.org','Conan O''Brien','LEARNER',0,0.1,0,1.0e+300,X'FFFE005C','{"a":[1,2.5,null,true],"ü\"":" "}','0001-01-01T00:00:00.000+00:00','2026-11-23T05:48:51.260+00:00','2026-11-23T05:48:51.260+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui407000veb7d49hfd7i5','user31@example.org','李小龙','TEACHER',1,1234567.89,-1,4.94065645841247e-324,NULL,'"text"','2024-10-27T02:30:00.500+00:00','2026-11-23T05:48:51.271+00:00','2026-11-23T05:48:51.271+00:00','cmwsui3to000feb7d85bfojkz');
INSERT INTO "users" VALUES('cmwsui40e000web7d58ht4eav','user32@example.org','line
break	tab','ADMIN',1,-3,9007199254740993,3.0,X'',17,NULL,'2026-11-23T05:48:51.278+00:00','2026-11-23T05:48:51.278+00:00','cmwsui3tr000geb7d9qekel07');
INSERT INTO "users" VALUES('cmwsui40n000xeb7dqm3jcaix','user33@example.org','👩‍🚀 Sally','LEARNER',0,1.0e-07,9223372036854775807,3.33333333333333314829e-01,X'00','true','1969-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.287+00:00','2026-11-23T05:48:51.287+00:00','cmwsui3tr000geb7d9qekel07');
INSERT INTO "users" VALUES('cmwsui40s000yeb7ds61betjy','user34@example.org','\N','TEACHER',1,9.99999999999999843788e+13,-9223372036854775808,-1.0e+15,X'FFFE005C','{"deep":{"deep":{"deep":[]}},"big":1e+21}','1969-12-31T23:59:59.001+00:00','2026-11-23T05:48:51.292+00:00','2026-11-23T05:48:51.292+00:00','cmwsui3u3000heb7d098p05hp');
INSERT INTO "users" VALUES('cmwsui417000zeb7dq78qya7f','user35@example.org','"quoted"','ADMIN',1,100,42,NULL,NULL,'{}','2024-02-29T12:00:00.120+00:00','2026-11-23T05:48:51.307+00:00','2026-11-23T05:48:51.307+00:00',NULL);
INSERT INTO "users" VALUES('cmwsui41o0010eb7d4z307rqv','user36@example.org','NULL','LEARNER',0,0,0,0.0,X'','[]',NULL,'2026-11-23T05:48:51.324+00:00','2026-11-23T05:48:51.324+00:00','cmwsui3u9000ieb7d3c4cmdim');
INSERT INTO "users" VALUES('cmwsui41y0011eb7drie7nsam','user37@example.org','é and é','TEACHER',1,-0.01,-1,-0.5,X'00','{"a":[1,2.5,null,true],"ü\"":" "}','9999-12-31T23:59:59.999+00:00','2026-11-23T05:48:51.334+00:00','2026-11-23T05:48:51.334+00:00','cmwsui3u9000ieb7d3c4cmdim');
INSERT INTO "users" VALUES('cmwsui42e0012eb7d28zfisw6','user38@example.org',' spaces ','ADMIN',1,12.5,9007199254740993,0.1,X'FFFE005C','"text"','0001-01-01T00:00:00.000+00:00','2026-11-23T05:48:51.350+00:00','2026-11-23T05:48:51.350+00:00','cmwsui3ug000jeb7d6w5qc6hf');
INSERT INTO "users" VALUES('cmwsui42p0013eb7dbs8iaen8','user39@example.org','Ada Lovelace','LEARNER',0,0.1,9223372036854775807,1.0e+300,NULL,17,'2024-10-27T02:30:00.500+00:00','2026-11-23T05:48:51.361+00:00','2026-11-23T05:48:51.361+00:00','cmwsui3ug000jeb7d6w5qc6hf');
INSERT INTO "users" VALUES('by-hand','hand@example.org',NULL,'LEARNER',1,0,0,NULL,NULL,'{}',NULL,'2026-11-23 05:48:55','2026-11-23 05:48:55',NULL);
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE INDEX "users_role_created_at_idx" ON "users"("role", "created_at" DESC);
CREATE UNIQUE INDEX "Course_slug_key" ON "Course"("slug");
CREATE UNIQUE INDEX "Course_teacherId_title_key" ON "Course"("teacherId", "title");
CREATE INDEX "course_enrolments_courseId_status_idx" ON "course_enrolments"("courseId", "status");
CREATE UNIQUE INDEX "one_mark_each" ON "Mark"("userId", "courseId", "position");
CREATE UNIQUE INDEX "Tag_name_key" ON "Tag"("name");
CREATE UNIQUE INDEX "order_from_select_key" ON "order"("from", "select");
CREATE UNIQUE INDEX "_CourseToTag_AB_unique" ON "_CourseToTag"("A", "B");
CREATE INDEX "_CourseToTag_B_index" ON "_CourseToTag"("B");
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('Course',12);
INSERT INTO "sqlite_sequence" VALUES('Tag',6);
COMMIT;
