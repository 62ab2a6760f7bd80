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
INSERT INTO "Course" VALUES(1,'course-0','Course 0','BEGINNER',NULL,0.0,1,0,NULL,'cmwsui8rd0000l97d9f8ui2os');
INSERT INTO "Course" VALUES(2,'course-1','Course 1','ADVANCED',-0.01,-0.5,0,NULL,'[]','cmwsui8ul0001l97d94pmcz11');
INSERT INTO "Course" VALUES(3,'course-2','Semi;colons -- and /* comments */','BEGINNER',12.5,0.1,1,-999,'{"a":[1,2.5,null,true],"ü\"":" "}','cmwsui8uu0002l97d2g9y53ed');
INSERT INTO "Course" VALUES(4,'course-3','Course 3','ADVANCED',NULL,1.0e+300,0,NULL,NULL,'cmwsui8vh0003l97d0ric6ijk');
INSERT INTO "Course" VALUES(5,'course-4','Course 4','BEGINNER',1234567.89,4.94065645841247e-324,1,1714557600000,17,'cmwsui8xv0004l97dko18o1m0');
INSERT INTO "Course" VALUES(6,'course-5','Course 5','ADVANCED',-3,3.0,0,NULL,'true','cmwsui8y90005l97ddnxzl481');
INSERT INTO "Course" VALUES(7,'course-6','Course 6','BEGINNER',NULL,3.33333333333333314829e-01,1,-62135596800000,NULL,'cmwsui8yk0006l97dndm964h1');
INSERT INTO "Course" VALUES(8,'course-7','Course 7','ADVANCED',9.99999999999999843788e+13,-1.0e+15,0,NULL,'{}','cmwsui8zf0007l97d4a46ummo');
INSERT INTO "Course" VALUES(9,'course-8','Course 8','BEGINNER',100,1.5,1,0,'[]','cmwsui91x0008l97drbgpdfcx');
INSERT INTO "Course" VALUES(10,'course-9','Course 9','ADVANCED',NULL,0.0,0,NULL,NULL,'cmwsui93a0009l97dwr17oiqr');
INSERT INTO "Course" VALUES(11,'course-10','Course 10','BEGINNER',-0.01,-0.5,1,-999,'"text"','cmwsui93m000al97dz7hkbo1w');
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
INSERT INTO "Mark" VALUES('5611d819-aae3-4c2c-ac9e-fe570992c628','cmwsui8rd0000l97d9f8ui2os',1,0,0,1,'Ada Lovelace',1795412939277);
INSERT INTO "Mark" VALUES('cbeae8bb-be46-443e-8232-6964323b75e8','cmwsui8rd0000l97d9f8ui2os',7,0,0,1,'Ada Lovelace',1795412939321);
INSERT INTO "Mark" VALUES('300a78bb-1019-4837-ae2c-cd338e930097','cmwsui8ul0001l97d94pmcz11',6,0,-0.01,0,NULL,1795412939327);
INSERT INTO "Mark" VALUES('ded25263-f67e-4319-a1ae-23d7094c501f','cmwsui8uu0002l97d2g9y53ed',5,0,12.5,1,'',1795412939364);
INSERT INTO "Mark" VALUES('e836257b-9bed-497b-91f9-da5139f60be2','cmwsui8uu0002l97d2g9y53ed',11,0,12.5,1,'',1795412939391);
INSERT INTO "Mark" VALUES('a62661e5-c200-4639-9f9a-1fbe49a288dd','cmwsui8vh0003l97d0ric6ijk',4,0,0.1,0,'Åsa Öberg',1795412939402);
INSERT INTO "Mark" VALUES('de8fe82b-bc96-44a1-a0b6-fec3790c3f24','cmwsui8vh0003l97d0ric6ijk',10,0,0.1,0,'Åsa Öberg',1795412939424);
INSERT INTO "Mark" VALUES('8e7ede32-1567-4ebb-8177-d6e6a6f45101','cmwsui8xv0004l97dko18o1m0',3,0,1234567.89,1,'Conan O''Brien',1795412939449);
INSERT INTO "Mark" VALUES('6d45eca0-293e-4c51-859b-623adcfd3cc4','cmwsui8xv0004l97dko18o1m0',9,0,1234567.89,1,'Conan O''Brien',1795412939459);
INSERT INTO "Mark" VALUES('38e729fb-7d42-42b3-b50d-8a185ecdbaa5','cmwsui8y90005l97ddnxzl481',2,0,-3,0,'李小龙',1795412939475);
INSERT INTO "Mark" VALUES('961161ae-cadd-4559-9301-6aea4b6104ca','cmwsui8y90005l97ddnxzl481',8,0,-3,0,'李小龙',1795412939483);
INSERT INTO "Mark" VALUES('b08bfce3-10fb-4da9-abc4-6bccd304b94d','cmwsui8yk0006l97dndm964h1',1,0,1.0e-07,1,'line
break	tab',1795412939504);
INSERT INTO "Mark" VALUES('2bbbbe3b-0a7d-422f-a686-82380165cc62','cmwsui8yk0006l97dndm964h1',7,0,1.0e-07,1,'line
break	tab',1795412939539);
INSERT INTO "Mark" VALUES('e26c4fe5-8fec-4477-a3d0-495a66e0df2e','cmwsui8zf0007l97d4a46ummo',6,0,9.99999999999999843788e+13,0,'👩‍🚀 Sally',1795412939557);
INSERT INTO "Mark" VALUES('bd7ce8e2-9e5c-40f4-a82a-e4d8687898d3','cmwsui91x0008l97drbgpdfcx',5,0,100,1,'\N',1795412939572);
INSERT INTO "Mark" VALUES('54e62634-c0f2-45cc-a731-273d9b7502e0','cmwsui91x0008l97drbgpdfcx',11,0,100,1,'\N',1795412939581);
INSERT INTO "Mark" VALUES('e4ed7842-f372-400a-93a9-65cc06263ded','cmwsui93a0009l97dwr17oiqr',4,0,0,0,'"quoted"',1795412939594);
INSERT INTO "Mark" VALUES('2729f066-bc03-4b9e-8e54-e5dabdaec030','cmwsui93a0009l97dwr17oiqr',10,0,0,0,'"quoted"',1795412939627);
INSERT INTO "Mark" VALUES('abef5b2c-1d89-41f8-9b3c-35d242dbbff0','cmwsui93m000al97dz7hkbo1w',3,0,-0.01,1,'NULL',1795412939647);
INSERT INTO "Mark" VALUES('9b905437-e47e-4f8e-9f8f-14b1c6707a95','cmwsui93m000al97dz7hkbo1w',9,0,-0.01,1,'NULL',1795412939671);
INSERT INTO "Mark" VALUES('b53ed955-5cb6-4e6c-9fe1-8e24a181bea0','cmwsui984000bl97dii2jqe0n',2,0,12.5,0,'é and é',1795412939691);
INSERT INTO "Mark" VALUES('49b86801-3067-4f94-91ba-33e04a56aaed','cmwsui984000bl97dii2jqe0n',8,0,12.5,0,'é and é',1795412939704);
INSERT INTO "Mark" VALUES('88f425be-4513-4dbb-8cb8-c3598268d92d','cmwsui98i000cl97d5sxv1xzy',1,0,0.1,1,' spaces ',1795412939725);
INSERT INTO "Mark" VALUES('01bb02f0-8512-46aa-b0e0-3bcf60ecbf45','cmwsui98i000cl97d5sxv1xzy',7,0,0.1,1,' spaces ',1795412939739);
INSERT INTO "Mark" VALUES('157d5ca8-af5e-42e9-b235-73bb3c25c421','cmwsui9aa000dl97dbfntub56',6,0,1234567.89,0,'Ada Lovelace',1795412939765);
INSERT INTO "Mark" VALUES('ecbb0a8c-01ce-4580-9981-164f81ab825b','cmwsui9am000el97dq9e8np60',5,0,-3,1,NULL,1795412939793);
INSERT INTO "Mark" VALUES('9dd8a89b-8c71-4f9c-a8ed-bebfad198a1e','cmwsui9am000el97dq9e8np60',11,0,-3,1,NULL,1795412939809);
INSERT INTO "Mark" VALUES('9c9619a2-07e6-47a7-ba26-3b9890ca237a','cmwsui9bb000fl97d7zxyq6nr',4,0,1.0e-07,0,'',1795412939829);
INSERT INTO "Mark" VALUES('f033c39d-be33-47e3-baed-3d4697f01541','cmwsui9bb000fl97d7zxyq6nr',10,0,1.0e-07,0,'',1795412939851);
INSERT INTO "Mark" VALUES('0befefc3-152b-4f61-a80a-196e6a0c8156','cmwsui9bl000gl97dfj0fsf5w',3,0,9.99999999999999843788e+13,1,'Åsa Öberg',1795412939883);
INSERT INTO "Mark" VALUES('ed35525e-ed6b-4965-b724-0a1c7f594762','cmwsui9bl000gl97dfj0fsf5w',9,0,9.99999999999999843788e+13,1,'Åsa Öberg',1795412939896);
INSERT INTO "Mark" VALUES('2875a1c5-1cbe-40a2-8777-56bf299f733d','cmwsui9c9000hl97ddw2861mk',2,0,100,0,'Conan O''Brien',1795412939909);
INSERT INTO "Mark" VALUES('3bfc27bc-ca1f-479b-b35d-cbdace7a0487','cmwsui9c9000hl97ddw2861mk',8,0,100,0,'Conan O''Brien',1795412939914);
INSERT INTO "Mark" VALUES('a2544bf6-f9ce-4536-b4af-79b79567b71f','cmwsui9d2000il97d5o6fqvnu',1,0,0,1,'李小龙',1795412939928);
INSERT INTO "Mark" VALUES('a80e2bf8-9b18-4486-b5ea-b0c0583fb2d0','cmwsui9d2000il97d5o6fqvnu',7,0,0,1,'李小龙',1795412939938);
INSERT INTO "Mark" VALUES('ce2a2c30-c4a1-4c74-841e-21145439456e','cmwsui9d9000jl97djmqj8yjk',6,0,-0.01,0,'line
break	tab',1795412939969);
INSERT INTO "Mark" VALUES('1c53e2a7-fe63-4091-a5ca-01cefafab8a3','cmwsui9dl000kl97dl4xbjml8',5,0,12.5,1,'👩‍🚀 Sally',1795412940004);
INSERT INTO "Mark" VALUES('b0da8791-f4c0-4bd8-8c3b-cd52a7818323','cmwsui9dl000kl97dl4xbjml8',11,0,12.5,1,'👩‍🚀 Sally',1795412940020);
INSERT INTO "Mark" VALUES('debf3182-800d-48f5-9853-352f3ada6caa','cmwsui9ev000ll97d7gl7absa',4,0,0.1,0,'\N',1795412940050);
INSERT INTO "Mark" VALUES('9b7cb107-e9ac-4e79-b2cf-dcf1349c92c5','cmwsui9ev000ll97d7gl7absa',10,0,0.1,0,'\N',1795412940063);
INSERT INTO "Mark" VALUES('d069bdbe-4d26-45e1-b423-dc340f0ed946','cmwsui9fd000ml97dwdjxk9dn',3,0,1234567.89,1,'"quoted"',1795412940069);
INSERT INTO "Mark" VALUES('3ac7a33f-d088-4d0a-9f9a-e2dd029dd079','cmwsui9fd000ml97dwdjxk9dn',9,0,1234567.89,1,'"quoted"',1795412940076);
INSERT INTO "Mark" VALUES('97bbf6f4-7436-448b-a24b-b81a1e190e25','cmwsui9fs000nl97d1pp0mgey',2,0,-3,0,'NULL',1795412940085);
INSERT INTO "Mark" VALUES('3b81cb96-ef10-4fd3-8bef-888c54d94a6a','cmwsui9fs000nl97d1pp0mgey',8,0,-3,0,'NULL',1795412940092);
INSERT INTO "Mark" VALUES('e45fb5a0-81c3-4a78-945f-269f41083e21','cmwsui9g2000ol97dnoz15d92',1,0,1.0e-07,1,'é and é',1795412940110);
INSERT INTO "Mark" VALUES('0c8b6b45-4256-4723-b010-98ade20f9b27','cmwsui9g2000ol97dnoz15d92',7,0,1.0e-07,1,'é and é',1795412940127);
INSERT INTO "Mark" VALUES('7e8cbf4f-5ffc-4a45-8c3f-d9f86c7dd047','cmwsui9gj000pl97d6ht6cval',6,0,9.99999999999999843788e+13,0,' spaces ',1795412940143);
INSERT INTO "Mark" VALUES('8b12c94d-e2e0-43b0-b879-cbea912fd454','cmwsui9gu000ql97dln9ja8y5',5,0,100,1,'Ada Lovelace',1795412940200);
INSERT INTO "Mark" VALUES('83108d83-02df-4bd9-858c-b9ad3c6fba96','cmwsui9gu000ql97dln9ja8y5',11,0,100,1,'Ada Lovelace',1795412940225);
INSERT INTO "Mark" VALUES('f017bb3b-1193-4464-b545-2f6dd1af3d1c','cmwsui9h8000rl97dfmrxfoo8',4,0,0,0,NULL,1795412940246);
INSERT INTO "Mark" VALUES('4dad9a49-f4f1-400f-9ff9-fe9cedccd224','cmwsui9h8000rl97dfmrxfoo8',10,0,0,0,NULL,1795412940267);
INSERT INTO "Mark" VALUES('e89e510d-0504-45de-9ce0-5fa179860f8d','cmwsui9hi000sl97d1yj6mw3l',3,0,-0.01,1,'',1795412940288);
INSERT INTO "Mark" VALUES('8f6837e2-2967-4c57-b8be-53d63e847c1b','cmwsui9hi000sl97d1yj6mw3l',9,0,-0.01,1,'',1795412940301);
INSERT INTO "Mark" VALUES('0a40c23b-a3fd-48b0-8a82-0269e0f8b8c2','cmwsui9ht000tl97djnh6wq43',2,0,12.5,0,'Åsa Öberg',1795412940315);
INSERT INTO "Mark" VALUES('96aeb401-e02b-4f7d-b38c-b91fcc3752e5','cmwsui9ht000tl97djnh6wq43',8,0,12.5,0,'Åsa Öberg',1795412940333);
INSERT INTO "Mark" VALUES('f1d01520-0f25-4989-b764-22b1648c5243','cmwsui9j6000ul97dhp9dure9',1,0,0.1,1,'Conan O''Brien',1795412940344);
INSERT INTO "Mark" VALUES('8f5a15a1-9c5c-41ac-8ced-4458d7b64f5c','cmwsui9j6000ul97dhp9dure9',7,0,0.1,1,'Conan O''Brien',1795412940354);
INSERT INTO "Mark" VALUES('06ae001b-f754-4b5b-9b4c-10bbcf6c0ec3','cmwsui9k9000vl97dnnp8xoq5',6,0,1234567.89,0,'李小龙',1795412940363);
INSERT INTO "Mark" VALUES('b0fe2af1-edbe-4162-9025-eae0cde37138','cmwsui9l9000wl97drs4odjgo',5,0,-3,1,'line
break	tab',1795412940399);
INSERT INTO "Mark" VALUES('ed1a8aeb-cc3d-4186-aa27-33856b8a7d2c','cmwsui9l9000wl97drs4odjgo',11,0,-3,1,'line
break	tab',1795412940402);
INSERT INTO "Mark" VALUES('d94a5c95-0939-4615-948f-80dc46e0fa14','cmwsui9ly000xl97d3g6n5ny7',4,0,1.0e-07,0,'👩‍🚀 Sally',1795412940406);
INSERT INTO "Mark" VALUES('89d22937-feb8-440c-894b-884817bd36aa','cmwsui9ly000xl97d3g6n5ny7',10,0,1.0e-07,0,'👩‍🚀 Sally',1795412940408);
INSERT INTO "Mark" VALUES('a6df5844-1ed4-4ef8-b373-d1b897272bd0','cmwsui9n9000yl97dygra2xss',3,0,9.99999999999999843788e+13,1,'\N',1795412940415);
INSERT INTO "Mark" VALUES('e2e88e9f-1425-4963-92e2-b17c4c7d1c3a','cmwsui9n9000yl97dygra2xss',9,0,9.99999999999999843788e+13,1,'\N',1795412940419);
INSERT INTO "Mark" VALUES('500e958c-2dc9-4698-b76a-84d2e446ecfb','cmwsui9p1000zl97d2dmqufhr',2,0,100,0,'"quoted"',1795412940422);
INSERT INTO "Mark" VALUES('7daae35e-02e0-4138-ad72-e6f64dd0298e','cmwsui9p1000zl97d2dmqufhr',8,0,100,0,'"quoted"',1795412940424);
INSERT INTO "Mark" VALUES('01423d0c-6393-4a43-934c-f586e6d67b69','cmwsui9sf0010l97d7pitv632',1,0,0,1,'NULL',1795412940426);
INSERT INTO "Mark" VALUES('0c3ed963-473f-4458-aac2-9dfa0239054d','cmwsui9sf0010l97d7pitv632',7,0,0,1,'NULL',1795412940428);
INSERT INTO "Mark" VALUES('1260baf0-f707-49b5-92fc-3f0afe2ca020','cmwsui9t10011l97dmu5hqxum',6,0,-0.01,0,'é and é',1795412940430);
INSERT INTO "Mark" VALUES('1b048f88-1590-46da-9e8e-b840d7dfad62','cmwsui9te0012l97d66pby8c8',5,0,12.5,1,' spaces ',1795412940434);
INSERT INTO "Mark" VALUES('9cfaee5b-7b35-4c48-8d79-72f6513e8894','cmwsui9te0012l97d66pby8c8',11,0,12.5,1,' spaces ',1795412940443);
INSERT INTO "Mark" VALUES('7a7f8e51-eddf-4732-9f4c-4fbd911cb505','cmwsui9u80013l97daw9991a9',4,0,0.1,0,'Ada Lovelace',1795412940446);
INSERT INTO "Mark" VALUES('954d0606-e6e5-479a-bf15-7cc30d6daab7','cmwsui9u80013l97daw9991a9',10,0,0.1,0,'Ada Lovelace',1795412940448);
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
INSERT INTO "Payment" VALUES(0,NULL,0,'EUR','null',X'',1,0);
INSERT INTO "Payment" VALUES(-1,'cmwsui8ul0001l97d94pmcz11',-0.01,'EUR','[]',X'00',0,-1);
INSERT INTO "Payment" VALUES(9007199254740993,'cmwsui8uu0002l97d2g9y53ed',12.5,'EUR','null',X'FFFE005C',NULL,-999);
INSERT INTO "Payment" VALUES(9223372036854775807,'cmwsui8vh0003l97d0ric6ijk',0.1,'EUR','"text"',NULL,1,1709208000120);
INSERT INTO "Payment" VALUES(-9223372036854775808,NULL,1234567.89,'EUR','null',X'',0,1714557600000);
INSERT INTO "Payment" VALUES(42,'cmwsui8y90005l97ddnxzl481',-3,'EUR','true',X'00',NULL,253402300799999);
INSERT INTO "Payment" VALUES(60000000000,'cmwsui8yk0006l97dndm964h1',1.0e-07,'EUR','null',X'FFFE005C',1,-62135596800000);
INSERT INTO "Payment" VALUES(70000000000,'cmwsui8zf0007l97d4a46ummo',9.99999999999999843788e+13,'EUR','{}',NULL,0,1729996200500);
INSERT INTO "Payment" VALUES(80000000000,NULL,100,'EUR','null',X'',NULL,0);
INSERT INTO "Payment" VALUES(90000000000,'cmwsui93a0009l97dwr17oiqr',0,'EUR','{"a":[1,2.5,null,true],"ü\"":" "}',X'00',1,-1);
INSERT INTO "Payment" VALUES(100000000000,'cmwsui93m000al97dz7hkbo1w',-0.01,'EUR','null',X'FFFE005C',0,-999);
INSERT INTO "Payment" VALUES(110000000000,'cmwsui984000bl97dii2jqe0n',12.5,'EUR',17,NULL,NULL,1709208000120);
INSERT INTO "Payment" VALUES(120000000000,NULL,0.1,'EUR','null',X'',1,1714557600000);
INSERT INTO "Payment" VALUES(130000000000,'cmwsui9aa000dl97dbfntub56',1234567.89,'EUR','{"deep":{"deep":{"deep":[]}},"big":1e+21}',X'00',0,253402300799999);
INSERT INTO "Payment" VALUES(140000000000,'cmwsui9am000el97dq9e8np60',-3,'EUR','null',X'FFFE005C',NULL,-62135596800000);
INSERT INTO "Payment" VALUES(150000000000,'cmwsui9bb000fl97d7zxyq6nr',1.0e-07,'EUR','[]',NULL,1,1729996200500);
INSERT INTO "Payment" VALUES(160000000000,NULL,9.99999999999999843788e+13,'EUR','null',X'',0,0);
INSERT INTO "Payment" VALUES(170000000000,'cmwsui9c9000hl97ddw2861mk',100,'EUR','"text"',X'00',NULL,-1);
INSERT INTO "Payment" VALUES(180000000000,'cmwsui9d2000il97d5o6fqvnu',0,'EUR','null',X'FFFE005C',1,-999);
INSERT INTO "Payment" VALUES(190000000000,'cmwsui9d9000jl97djmqj8yjk',-0.01,'EUR','true',NULL,0,1709208000120);
INSERT INTO "Payment" VALUES(200000000000,NULL,12.5,'EUR','null',X'',NULL,1714557600000);
INSERT INTO "Payment" VALUES(210000000000,'cmwsui9ev000ll97d7gl7absa',0.1,'EUR','{}',X'00',1,253402300799999);
INSERT INTO "Payment" VALUES(220000000000,'cmwsui9fd000ml97dwdjxk9dn',1234567.89,'EUR','null',X'FFFE005C',0,-62135596800000);
INSERT INTO "Payment" VALUES(230000000000,'cmwsui9fs000nl97d1pp0mgey',-3,'EUR','{"a":[1,2.5,null,true],"ü\"":" "}',NULL,NULL,1729996200500);
INSERT INTO "Payment" VALUES(240000000000,NULL,1.0e-07,'EUR','null',X'',1,0);
INSERT INTO "Payment" VALUES(250000000000,'cmwsui9gj000pl97d6ht6cval',9.99999999999999843788e+13,'EUR',17,X'00',0,-1);
INSERT INTO "Payment" VALUES(260000000000,'cmwsui9gu000ql97dln9ja8y5',100,'EUR','null',X'FFFE005C',NULL,-999);
INSERT INTO "Payment" VALUES(270000000000,'cmwsui9h8000rl97dfmrxfoo8',0,'EUR','{"deep":{"deep":{"deep":[]}},"big":1e+21}',NULL,1,1709208000120);
INSERT INTO "Payment" VALUES(280000000000,NULL,-0.01,'EUR','null',X'',0,1714557600000);
INSERT INTO "Payment" VALUES(290000000000,'cmwsui9ht000tl97djnh6wq43',12.5,'EUR','[]',X'00',NULL,253402300799999);
CREATE TABLE "Session" (
    "token" BLOB NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "Session" VALUES(X'0000FF','cmwsui8rd0000l97d9f8ui2os',0);
INSERT INTO "Session" VALUES(X'0700F8','cmwsui8zf0007l97d4a46ummo',1729996200500);
INSERT INTO "Session" VALUES(X'0E00F1','cmwsui9am000el97dq9e8np60',-62135596800000);
INSERT INTO "Session" VALUES(X'1500EA','cmwsui9ev000ll97d7gl7absa',253402300799999);
INSERT INTO "Session" VALUES(X'1C00E3','cmwsui9hi000sl97d1yj6mw3l',1714557600000);
INSERT INTO "Session" VALUES(X'2300DC','cmwsui9p1000zl97d2dmqufhr',1709208000120);
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
INSERT INTO "_prisma_migrations" VALUES('ce0fcbeb-0fad-4e88-8051-192d94d698d1','ef7eee673b52da3229b440646ff1434f4383c3e2205f81dbf9c5a5db71ddbe74','2026-11-23T05:48:56.511+00:00','20261123000000_init',NULL,NULL,'2026-11-23T05:48:56.196+00:00',1);
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
INSERT INTO "course_enrolments" VALUES('cmwsui8rd0000l97d9f8ui2os',1,'ACTIVE',0.0,1795412939277,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8rd0000l97d9f8ui2os',7,'ACTIVE',0.0,1795412939321,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8ul0001l97d94pmcz11',6,'PAUSED',0.5,1795412939327,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8uu0002l97d2g9y53ed',5,'done',1.0,1795412939364,-999);
INSERT INTO "course_enrolments" VALUES('cmwsui8uu0002l97d2g9y53ed',11,'done',1.0,1795412939391,-999);
INSERT INTO "course_enrolments" VALUES('cmwsui8vh0003l97d0ric6ijk',4,'ACTIVE',99.9,1795412939402,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8vh0003l97d0ric6ijk',10,'ACTIVE',99.9,1795412939424,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8xv0004l97dko18o1m0',3,'PAUSED',0.0,1795412939449,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8xv0004l97dko18o1m0',9,'PAUSED',0.0,1795412939459,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8y90005l97ddnxzl481',2,'done',0.5,1795412939475,253402300799999);
INSERT INTO "course_enrolments" VALUES('cmwsui8y90005l97ddnxzl481',8,'done',0.5,1795412939483,253402300799999);
INSERT INTO "course_enrolments" VALUES('cmwsui8yk0006l97dndm964h1',1,'ACTIVE',1.0,1795412939504,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8yk0006l97dndm964h1',7,'ACTIVE',1.0,1795412939539,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui8zf0007l97d4a46ummo',6,'PAUSED',99.9,1795412939557,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui91x0008l97drbgpdfcx',5,'done',0.0,1795412939572,0);
INSERT INTO "course_enrolments" VALUES('cmwsui91x0008l97drbgpdfcx',11,'done',0.0,1795412939581,0);
INSERT INTO "course_enrolments" VALUES('cmwsui93a0009l97dwr17oiqr',4,'ACTIVE',0.5,1795412939594,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui93a0009l97dwr17oiqr',10,'ACTIVE',0.5,1795412939627,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui93m000al97dz7hkbo1w',3,'PAUSED',1.0,1795412939647,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui93m000al97dz7hkbo1w',9,'PAUSED',1.0,1795412939671,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui984000bl97dii2jqe0n',2,'done',99.9,1795412939691,1709208000120);
INSERT INTO "course_enrolments" VALUES('cmwsui984000bl97dii2jqe0n',8,'done',99.9,1795412939704,1709208000120);
INSERT INTO "course_enrolments" VALUES('cmwsui98i000cl97d5sxv1xzy',1,'ACTIVE',0.0,1795412939725,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui98i000cl97d5sxv1xzy',7,'ACTIVE',0.0,1795412939739,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9aa000dl97dbfntub56',6,'PAUSED',0.5,1795412939765,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9am000el97dq9e8np60',5,'done',1.0,1795412939793,-62135596800000);
INSERT INTO "course_enrolments" VALUES('cmwsui9am000el97dq9e8np60',11,'done',1.0,1795412939809,-62135596800000);
INSERT INTO "course_enrolments" VALUES('cmwsui9bb000fl97d7zxyq6nr',4,'ACTIVE',99.9,1795412939829,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9bb000fl97d7zxyq6nr',10,'ACTIVE',99.9,1795412939851,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9bl000gl97dfj0fsf5w',3,'PAUSED',0.0,1795412939883,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9bl000gl97dfj0fsf5w',9,'PAUSED',0.0,1795412939896,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9c9000hl97ddw2861mk',2,'done',0.5,1795412939909,-1);
INSERT INTO "course_enrolments" VALUES('cmwsui9c9000hl97ddw2861mk',8,'done',0.5,1795412939914,-1);
INSERT INTO "course_enrolments" VALUES('cmwsui9d2000il97d5o6fqvnu',1,'ACTIVE',1.0,1795412939928,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9d2000il97d5o6fqvnu',7,'ACTIVE',1.0,1795412939938,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9d9000jl97djmqj8yjk',6,'PAUSED',99.9,1795412939969,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9dl000kl97dl4xbjml8',5,'done',0.0,1795412940004,1714557600000);
INSERT INTO "course_enrolments" VALUES('cmwsui9dl000kl97dl4xbjml8',11,'done',0.0,1795412940020,1714557600000);
INSERT INTO "course_enrolments" VALUES('cmwsui9ev000ll97d7gl7absa',4,'ACTIVE',0.5,1795412940050,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9ev000ll97d7gl7absa',10,'ACTIVE',0.5,1795412940063,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9fd000ml97dwdjxk9dn',3,'PAUSED',1.0,1795412940069,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9fd000ml97dwdjxk9dn',9,'PAUSED',1.0,1795412940076,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9fs000nl97d1pp0mgey',2,'done',99.9,1795412940085,1729996200500);
INSERT INTO "course_enrolments" VALUES('cmwsui9fs000nl97d1pp0mgey',8,'done',99.9,1795412940092,1729996200500);
INSERT INTO "course_enrolments" VALUES('cmwsui9g2000ol97dnoz15d92',1,'ACTIVE',0.0,1795412940110,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9g2000ol97dnoz15d92',7,'ACTIVE',0.0,1795412940127,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9gj000pl97d6ht6cval',6,'PAUSED',0.5,1795412940143,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9gu000ql97dln9ja8y5',5,'done',1.0,1795412940200,-999);
INSERT INTO "course_enrolments" VALUES('cmwsui9gu000ql97dln9ja8y5',11,'done',1.0,1795412940225,-999);
INSERT INTO "course_enrolments" VALUES('cmwsui9h8000rl97dfmrxfoo8',4,'ACTIVE',99.9,1795412940246,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9h8000rl97dfmrxfoo8',10,'ACTIVE',99.9,1795412940267,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9hi000sl97d1yj6mw3l',3,'PAUSED',0.0,1795412940288,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9hi000sl97d1yj6mw3l',9,'PAUSED',0.0,1795412940301,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9ht000tl97djnh6wq43',2,'done',0.5,1795412940315,253402300799999);
INSERT INTO "course_enrolments" VALUES('cmwsui9ht000tl97djnh6wq43',8,'done',0.5,1795412940333,253402300799999);
INSERT INTO "course_enrolments" VALUES('cmwsui9j6000ul97dhp9dure9',1,'ACTIVE',1.0,1795412940344,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9j6000ul97dhp9dure9',7,'ACTIVE',1.0,1795412940354,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9k9000vl97dnnp8xoq5',6,'PAUSED',99.9,1795412940363,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9l9000wl97drs4odjgo',5,'done',0.0,1795412940399,0);
INSERT INTO "course_enrolments" VALUES('cmwsui9l9000wl97drs4odjgo',11,'done',0.0,1795412940402,0);
INSERT INTO "course_enrolments" VALUES('cmwsui9ly000xl97d3g6n5ny7',4,'ACTIVE',0.5,1795412940406,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9ly000xl97d3g6n5ny7',10,'ACTIVE',0.5,1795412940408,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9n9000yl97dygra2xss',3,'PAUSED',1.0,1795412940415,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9n9000yl97dygra2xss',9,'PAUSED',1.0,1795412940419,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9p1000zl97d2dmqufhr',2,'done',99.9,1795412940422,1709208000120);
INSERT INTO "course_enrolments" VALUES('cmwsui9p1000zl97d2dmqufhr',8,'done',99.9,1795412940424,1709208000120);
INSERT INTO "course_enrolments" VALUES('cmwsui9sf0010l97d7pitv632',1,'ACTIVE',0.0,1795412940426,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9sf0010l97d7pitv632',7,'ACTIVE',0.0,1795412940428,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9t10011l97dmu5hqxum',6,'PAUSED',0.5,1795412940430,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9te0012l97d66pby8c8',5,'done',1.0,1795412940434,-62135596800000);
INSERT INTO "course_enrolments" VALUES('cmwsui9te0012l97d66pby8c8',11,'done',1.0,1795412940443,-62135596800000);
INSERT INTO "course_enrolments" VALUES('cmwsui9u80013l97daw9991a9',4,'ACTIVE',99.9,1795412940446,NULL);
INSERT INTO "course_enrolments" VALUES('cmwsui9u80013l97daw9991a9',10,'ACTIVE',99.9,1795412940448,NULL);
CREATE TABLE "order" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "from" TEXT NOT NULL DEFAULT 'here',
    "select" INTEGER NOT NULL DEFAULT -1,
    "group" REAL NOT NULL DEFAULT 0
);
INSERT INTO "order" VALUES('cnW6A5OvPi9DGZA54FfoL','here',1,0.0);
INSERT INTO "order" VALUES('uEbFjcvvnClYSwXhlY8Ez','there',-1,0.25);
INSERT INTO "order" VALUES('EZbIMBO1ITnelswtJKfuv','',-2147483648,0.0);
CREATE TABLE "profiles" (
    "user_id" TEXT NOT NULL PRIMARY KEY,
    "bio" TEXT NOT NULL DEFAULT 'It''s "me"
',
    "website" TEXT,
    CONSTRAINT "profiles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "profiles" VALUES('cmwsui8rd0000l97d9f8ui2os','It''s "me"
','https://example.org/~0');
INSERT INTO "profiles" VALUES('cmwsui8uu0002l97d2g9y53ed','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui8xv0004l97dko18o1m0','It''s "me"
','https://example.org/~4');
INSERT INTO "profiles" VALUES('cmwsui8yk0006l97dndm964h1','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui91x0008l97drbgpdfcx','It''s "me"
','https://example.org/~8');
INSERT INTO "profiles" VALUES('cmwsui93m000al97dz7hkbo1w','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui98i000cl97d5sxv1xzy','It''s "me"
','https://example.org/~12');
INSERT INTO "profiles" VALUES('cmwsui9am000el97dq9e8np60','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9bl000gl97dfj0fsf5w','It''s "me"
','https://example.org/~16');
INSERT INTO "profiles" VALUES('cmwsui9d2000il97d5o6fqvnu','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9dl000kl97dl4xbjml8','It''s "me"
','https://example.org/~20');
INSERT INTO "profiles" VALUES('cmwsui9fd000ml97dwdjxk9dn','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9g2000ol97dnoz15d92','It''s "me"
','https://example.org/~24');
INSERT INTO "profiles" VALUES('cmwsui9gu000ql97dln9ja8y5','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9hi000sl97d1yj6mw3l','It''s "me"
','https://example.org/~28');
INSERT INTO "profiles" VALUES('cmwsui9j6000ul97dhp9dure9','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9l9000wl97drs4odjgo','It''s "me"
','https://example.org/~32');
INSERT INTO "profiles" VALUES('cmwsui9n9000yl97dygra2xss','It''s "me"
',NULL);
INSERT INTO "profiles" VALUES('cmwsui9sf0010l97d7pitv632','It''s "me"
','https://example.org/~36');
INSERT INTO "profiles" VALUES('cmwsui9te0012l97d66pby8c8','It''s "me"
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
INSERT INTO "users" VALUES('cmwsui8rd0000l97d9f8ui2os','user0@example.org','Ada Lovelace','LEARNER',0,0,0,0.0,X'','{}',NULL,1795412937433,1795412937433,NULL);
INSERT INTO "users" VALUES('cmwsui8ul0001l97d94pmcz11','user1@example.org',NULL,'TEACHER',1,-0.01,-1,-0.5,X'00','[]',-1,1795412937549,1795412937549,'cmwsui8rd0000l97d9f8ui2os');
INSERT INTO "users" VALUES('cmwsui8uu0002l97d2g9y53ed','user2@example.org','','ADMIN',1,12.5,9007199254740993,0.1,X'FFFE005C','{"a":[1,2.5,null,true],"ü\"":" "}',-999,1795412937558,1795412937558,'cmwsui8ul0001l97d94pmcz11');
INSERT INTO "users" VALUES('cmwsui8vh0003l97d0ric6ijk','NAÏVE@Example.org','Åsa Öberg','LEARNER',0,0.1,9223372036854775807,1.0e+300,NULL,'"text"',1709208000120,1795412937581,1795412937581,'cmwsui8ul0001l97d94pmcz11');
INSERT INTO "users" VALUES('cmwsui8xv0004l97dko18o1m0','user4@example.org','Conan O''Brien','TEACHER',1,1234567.89,-9223372036854775808,4.94065645841247e-324,X'',17,NULL,1795412937667,1795412937667,'cmwsui8uu0002l97d2g9y53ed');
INSERT INTO "users" VALUES('cmwsui8y90005l97ddnxzl481','user5@example.org','李小龙','ADMIN',1,-3,42,3.0,X'00','true',253402300799999,1795412937681,1795412937681,NULL);
INSERT INTO "users" VALUES('cmwsui8yk0006l97dndm964h1','user6@example.org','line
break	tab','LEARNER',0,1.0e-07,0,3.33333333333333314829e-01,X'FFFE005C','{"deep":{"deep":{"deep":[]}},"big":1e+21}',-62135596800000,1795412937692,1795412937692,'cmwsui8vh0003l97d0ric6ijk');
INSERT INTO "users" VALUES('cmwsui8zf0007l97d4a46ummo','user7@example.org','👩‍🚀 Sally','TEACHER',1,9.99999999999999843788e+13,-1,-1.0e+15,NULL,'{}',1729996200500,1795412937723,1795412937723,'cmwsui8vh0003l97d0ric6ijk');
INSERT INTO "users" VALUES('cmwsui91x0008l97drbgpdfcx','user8@example.org','\N','ADMIN',1,100,9007199254740993,NULL,X'','[]',NULL,1795412937813,1795412937813,'cmwsui8xv0004l97dko18o1m0');
INSERT INTO "users" VALUES('cmwsui93a0009l97dwr17oiqr','user9@example.org','"quoted"','LEARNER',0,0,9223372036854775807,0.0,X'00','{"a":[1,2.5,null,true],"ü\"":" "}',-1,1795412937862,1795412937862,'cmwsui8xv0004l97dko18o1m0');
INSERT INTO "users" VALUES('cmwsui93m000al97dz7hkbo1w','user10@example.org','NULL','TEACHER',1,-0.01,-9223372036854775808,-0.5,X'FFFE005C','"text"',-999,1795412937874,1795412937874,NULL);
INSERT INTO "users" VALUES('cmwsui984000bl97dii2jqe0n','user11@example.org','é and é','ADMIN',1,12.5,42,0.1,NULL,17,1709208000120,1795412938036,1795412938036,'cmwsui8y90005l97ddnxzl481');
INSERT INTO "users" VALUES('cmwsui98i000cl97d5sxv1xzy','user12@example.org',' spaces ','LEARNER',0,0.1,0,1.0e+300,X'','true',NULL,1795412938050,1795412938050,'cmwsui8yk0006l97dndm964h1');
INSERT INTO "users" VALUES('cmwsui9aa000dl97dbfntub56','user13@example.org','Ada Lovelace','TEACHER',1,1234567.89,-1,4.94065645841247e-324,X'00','{"deep":{"deep":{"deep":[]}},"big":1e+21}',253402300799999,1795412938114,1795412938114,'cmwsui8yk0006l97dndm964h1');
INSERT INTO "users" VALUES('cmwsui9am000el97dq9e8np60','user14@example.org',NULL,'ADMIN',1,-3,9007199254740993,3.0,X'FFFE005C','{}',-62135596800000,1795412938126,1795412938126,'cmwsui8zf0007l97d4a46ummo');
INSERT INTO "users" VALUES('cmwsui9bb000fl97d7zxyq6nr','user15@example.org','','LEARNER',0,1.0e-07,9223372036854775807,3.33333333333333314829e-01,NULL,'[]',1729996200500,1795412938151,1795412938151,NULL);
INSERT INTO "users" VALUES('cmwsui9bl000gl97dfj0fsf5w','user16@example.org','Åsa Öberg','TEACHER',1,9.99999999999999843788e+13,-9223372036854775808,-1.0e+15,X'','{"a":[1,2.5,null,true],"ü\"":" "}',NULL,1795412938161,1795412938161,'cmwsui91x0008l97drbgpdfcx');
INSERT INTO "users" VALUES('cmwsui9c9000hl97ddw2861mk','user17@example.org','Conan O''Brien','ADMIN',1,100,42,NULL,X'00','"text"',-1,1795412938186,1795412938186,'cmwsui91x0008l97drbgpdfcx');
INSERT INTO "users" VALUES('cmwsui9d2000il97d5o6fqvnu','user18@example.org','李小龙','LEARNER',0,0,0,0.0,X'FFFE005C',17,-999,1795412938214,1795412938214,'cmwsui93a0009l97dwr17oiqr');
INSERT INTO "users" VALUES('cmwsui9d9000jl97djmqj8yjk','user19@example.org','line
break	tab','TEACHER',1,-0.01,-1,-0.5,NULL,'true',1709208000120,1795412938221,1795412938221,'cmwsui93a0009l97dwr17oiqr');
INSERT INTO "users" VALUES('cmwsui9dl000kl97dl4xbjml8','user20@example.org','👩‍🚀 Sally','ADMIN',1,12.5,9007199254740993,0.1,X'','{"deep":{"deep":{"deep":[]}},"big":1e+21}',NULL,1795412938233,1795412938233,NULL);
INSERT INTO "users" VALUES('cmwsui9ev000ll97d7gl7absa','user21@example.org','\N','LEARNER',0,0.1,9223372036854775807,1.0e+300,X'00','{}',253402300799999,1795412938279,1795412938279,'cmwsui93m000al97dz7hkbo1w');
INSERT INTO "users" VALUES('cmwsui9fd000ml97dwdjxk9dn','user22@example.org','"quoted"','TEACHER',1,1234567.89,-9223372036854775808,4.94065645841247e-324,X'FFFE005C','[]',-62135596800000,1795412938297,1795412938297,'cmwsui984000bl97dii2jqe0n');
INSERT INTO "users" VALUES('cmwsui9fs000nl97d1pp0mgey','user23@example.org','NULL','ADMIN',1,-3,42,3.0,NULL,'{"a":[1,2.5,null,true],"ü\"":" "}',1729996200500,1795412938312,1795412938312,'cmwsui984000bl97dii2jqe0n');
INSERT INTO "users" VALUES('cmwsui9g2000ol97dnoz15d92','user24@example.org','é and é','LEARNER',0,1.0e-07,0,3.33333333333333314829e-01,X'','"text"',NULL,1795412938322,1795412938322,'cmwsui98i000cl97d5sxv1xzy');
INSERT INTO "users" VALUES('cmwsui9gj000pl97d6ht6cval','user25@example.org',' spaces ','TEACHER',1,9.99999999999999843788e+13,-1,-1.0e+15,X'00',17,-1,1795412938339,1795412938339,NULL);
INSERT INTO "users" VALUES('cmwsui9gu000ql97dln9ja8y5','user26@example.org','Ada Lovelace','ADMIN',1,100,9007199254740993,NULL,X'FFFE005C','true',-999,1795412938351,1795412938351,'cmwsui9aa000dl97dbfntub56');
INSERT INTO "users" VALUES('cmwsui9h8000rl97dfmrxfoo8','user27@example.org',NULL,'LEARNER',0,0,9223372036854775807,0.0,NULL,'{"deep":{"deep":{"deep":[]}},"big":1e+21}',1709208000120,1795412938364,1795412938364,'cmwsui9aa000dl97dbfntub56');
INSERT INTO "users" VALUES('cmwsui9hi000sl97d1yj6mw3l','user28@example.org','','TEACHER',1,-0.01,-9223372036854775808,-0.5,X'','{}',NULL,1795412938374,1795412938374,'cmwsui9am000el97dq9e8np60');
INSERT INTO "users" VALUES('cmwsui9ht000tl97djnh6wq43','user29@example.org','Åsa Öberg','ADMIN',1,12.5,42,0.1,X'00','[]',253402300799999,1795412938385,1795412938385,'cmwsui9am000el97dq9e8np60');
INSERT INTO "users" VALUES('cmwsui9j6000ul97dhp9dure9','user30@example.org','Conan O''Brien','LEARNER',0,0.1,0,1.0e+300,X'FFFE005C','{"a":[1,2.5,null,true],"ü\"":" "}',-62135596800000,1795412938434,1795412938434,NULL);
INSERT INTO "users" VALUES('cmwsui9k9000vl97dnnp8xoq5','user31@example.org','李小龙','TEACHER',1,1234567.89,-1,4.94065645841247e-324,NULL,'"text"',1729996200500,1795412938473,1795412938473,'cmwsui9bb000fl97d7zxyq6nr');
INSERT INTO "users" VALUES('cmwsui9l9000wl97drs4odjgo','user32@example.org','line
break	tab','ADMIN',1,-3,9007199254740993,3.0,X'',17,NULL,1795412938509,1795412938509,'cmwsui9bl000gl97dfj0fsf5w');
INSERT INTO "users" VALUES('cmwsui9ly000xl97d3g6n5ny7','user33@example.org','👩‍🚀 Sally','LEARNER',0,1.0e-07,9223372036854775807,3.33333333333333314829e-01,X'00','true',-1,1795412938534,1795412938534,'cmwsui9bl000gl97dfj0fsf5w');
INSERT INTO "users" VALUES('cmwsui9n9000yl97dygra2xss','user34@example.org','\N','TEACHER',1,9.99999999999999843788e+13,-9223372036854775808,-1.0e+15,X'FFFE005C','{"deep":{"deep":{"deep":[]}},"big":1e+21}',-999,1795412938581,1795412938581,'cmwsui9c9000hl97ddw2861mk');
INSERT INTO "users" VALUES('cmwsui9p1000zl97d2dmqufhr','user35@example.org','"quoted"','ADMIN',1,100,42,NULL,NULL,'{}',1709208000120,1795412938645,1795412938645,NULL);
INSERT INTO "users" VALUES('cmwsui9sf0010l97d7pitv632','user36@example.org','NULL','LEARNER',0,0,0,0.0,X'','[]',NULL,1795412938767,1795412938767,'cmwsui9d2000il97d5o6fqvnu');
INSERT INTO "users" VALUES('cmwsui9t10011l97dmu5hqxum','user37@example.org','é and é','TEACHER',1,-0.01,-1,-0.5,X'00','{"a":[1,2.5,null,true],"ü\"":" "}',253402300799999,1795412938789,1795412938789,'cmwsui9d2000il97d5o6fqvnu');
INSERT INTO "users" VALUES('cmwsui9te0012l97d66pby8c8','user38@example.org',' spaces ','ADMIN',1,12.5,9007199254740993,0.1,X'FFFE005C','"text"',-62135596800000,1795412938802,1795412938802,'cmwsui9d9000jl97djmqj8yjk');
INSERT INTO "users" VALUES('cmwsui9u80013l97daw9991a9','user39@example.org','Ada Lovelace','LEARNER',0,0.1,9223372036854775807,1.0e+300,NULL,17,1729996200500,1795412938832,1795412938832,'cmwsui9d9000jl97djmqj8yjk');
INSERT INTO "users" VALUES('by-hand','hand@example.org',NULL,'LEARNER',1,0,0,NULL,NULL,'{}',NULL,'2026-11-23 05:49:00','2026-11-23 05:49:00',NULL);
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
