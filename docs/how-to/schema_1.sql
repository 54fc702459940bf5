BEGIN TRANSACTION;
CREATE TABLE socialflow_about (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_socialflow_about PRIMARY KEY (name)
);
INSERT INTO "socialflow_about" VALUES('schema','1');
CREATE TABLE socialflow_definition (
	digest TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_socialflow_definition PRIMARY KEY (digest)
);
INSERT INTO "socialflow_definition" VALUES('19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1','film','1','{"children":[{"fields":{"fields":{"account":"str"},"form":"Upload"},"name":"upload","steps":[{"actions":[{"effects":[{"effect":"post","with":["ä",1.5]}],"name":"send","sources":["waiting"],"target":"sent"}],"name":"sending","role":["editor"],"states":["waiting","sent"]}]}],"ends":["closed","lost"],"fields":{"fields":{"accounts":{"default":[],"type":"list[str]"},"title":{"default":"","type":"str"}},"form":"Film"},"name":"film","rights":{"assign":["editor"],"create":["*"],"hold":["editor"],"note":["*"]},"steps":[{"actions":[{"data":{"fields":{"text":"str"},"form":"Told"},"effects":["tell_editor"],"name":"cut","sources":["raw"],"target":"cut"},{"due":"P1D","effects":["remind"],"every":"P1D","name":"remind","sources":["raw"]},{"due":"P9D","goto":["end.lost"],"name":"give_up","rules":[{"field":"accounts","rule":"has"}],"sources":["raw"]}],"name":"cutting","role":["author"],"states":["raw","cut"]},{"actions":[{"effects":[{"each":"accounts","effect":"spawn","into":"account","workflow":"upload"},{"effect":"announce","n":7,"to":"it''s 100 % \"öffentlich\" 🦊"},{"-":{},"effect":"archive","parts":[1,[2.5,true]]}],"name":"show","rules":["four_eyes"],"sources":["ready"],"target":"shown"},{"data":{"fields":{"text":"str"},"form":"Told"},"goto":["cutting"],"name":"refuse","sources":["ready"]}],"name":"showing","role":["editor"],"signs":"revision","states":["ready","shown"]}]}');
INSERT INTO "socialflow_definition" VALUES('d89b1af2d10616ca19684363fb0f77eabf0f38cc88e563f74b1ef10a9ad1c5a6','upload','1','{"fields":{"fields":{"account":"str"},"form":"Upload"},"name":"upload","steps":[{"actions":[{"effects":[{"effect":"post","with":["ä",1.5]}],"name":"send","sources":["waiting"],"target":"sent"}],"name":"sending","role":["editor"],"states":["waiting","sent"]}]}');
CREATE TABLE socialflow_duty (
	item TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	state TEXT NOT NULL, 
	entered TEXT NOT NULL, 
	responsible TEXT, 
	due TEXT, 
	later TEXT, 
	CONSTRAINT pk_socialflow_duty PRIMARY KEY (item, stage), 
	CONSTRAINT fk_socialflow_duty_item FOREIGN KEY(item) REFERENCES socialflow_item (id)
);
INSERT INTO "socialflow_duty" VALUES('dc51a5553c23fc2d69c5697b55538847','sending','sending.waiting','2026-05-01T13:20:00+00:00',NULL,NULL,NULL);
INSERT INTO "socialflow_duty" VALUES('film 2','cutting','cutting.raw','2026-05-01T14:30:00+00:00',NULL,'2026-05-02T14:30:00+00:00','2026-05-13T16:30:00+00:00');
INSERT INTO "socialflow_duty" VALUES('film 3','cutting','cutting.raw','2026-05-11T15:50:00+00:00','mia','2026-05-12T15:50:00+00:00','2026-05-12T17:10:00+00:00');
CREATE TABLE socialflow_history (
	seq INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	"key" TEXT, 
	meta TEXT NOT NULL, 
	data TEXT, 
	digest TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_socialflow_history PRIMARY KEY (seq), 
	CONSTRAINT uq_socialflow_history_item_n UNIQUE (item, n), 
	CONSTRAINT uq_socialflow_history_key UNIQUE ("key"), 
	CONSTRAINT fk_socialflow_history_item FOREIGN KEY(item) REFERENCES socialflow_item (id)
);
INSERT INTO "socialflow_history" VALUES(1,'film 1',1,1,'create','ann','2026-05-01T13:00:00+00:00',NULL,'{"roles":["*"],"moves":[["create","","cutting.raw"]],"tokens":[["cutting.raw",1,"2026-05-01T13:00:00+00:00",null,null,["2026-05-02T13:00:00+00:00","ann",[]]]],"keeps":["title","accounts"],"origin":["19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1","post:42",{"brand":"acme"}]}','{"title":"Behind the scenes","accounts":["@acme","@acme_de"]}','5efad792d9617486b612bd74c670774683a82cd6b1a07e232ee8e8ed89dcb5e2','','0725c48929fbbb99e96b59c152e5b4020d88a93f93f213fd4c720b57daa0a83a');
INSERT INTO "socialflow_history" VALUES(2,'film 1',2,2,'cutting.cut','ann','2026-05-01T13:10:00+00:00','cut it','{"roles":["author"],"moves":[["cutting.cut","cutting.raw","cutting.cut"],["done","cutting.cut","showing.ready"]],"tokens":[["showing.ready",1,"2026-05-01T13:10:00+00:00"]],"idle":[["cutting.cut",1,"2026-05-01T13:10:00+00:00"]],"effects":[["tell_editor",{}]],"named":"cut","asked":"f7c872db71a15cefa1b169e399eb1fb75e492a1cea6b20c5f351fe3d469b24b2"}','{"text":"zwei Fassungen, 50 % kürzer\n"}','05ac9ca9d4ebf7fa57f789270a1cf8275849ae3c8f702b0737609436a5740bea','0725c48929fbbb99e96b59c152e5b4020d88a93f93f213fd4c720b57daa0a83a','db4e81726e79cefbc29a257c2a9bd4c6caad499d3708dfc07575460c5a9e91f3');
INSERT INTO "socialflow_history" VALUES(3,'film 1',3,3,'showing.show','ed','2026-05-01T13:20:00+00:00','k''2','{"roles":["editor"],"moves":[["showing.show","showing.ready","showing.shown"],["done","showing.shown","end.closed"]],"tokens":[["end.closed",1,"2026-05-01T13:20:00+00:00"]],"idle":[["cutting.cut",1,"2026-05-01T13:10:00+00:00"],["showing.shown",1,"2026-05-01T13:20:00+00:00"]],"signatures":[["showing",1,"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]],"rounds":{"upload":3},"effects":[["spawn",{"workflow":"upload","each":"accounts","into":"account"}],["announce",{"to":"it''s 100 % \"öffentlich\" 🦊","n":7}],["archive",{"parts":[1,[2.5,true]],"-":{}}]],"named":"show","asked":"0ab32849d6fde0b6ed07adef15344e815827841e485bdae2ea5add82ae06dd59"}',NULL,'','db4e81726e79cefbc29a257c2a9bd4c6caad499d3708dfc07575460c5a9e91f3','80483e708cd90b7bdab33457ec74846cd498528cf5334aecb6fa32cd863a7a4c');
INSERT INTO "socialflow_history" VALUES(4,'498252ded15ce784661a3c1c04dd43b6',1,1,'create','system','2026-05-01T13:20:00+00:00',NULL,'{"roles":[],"moves":[["create","","sending.waiting"]],"tokens":[["sending.waiting",1,"2026-05-01T13:20:00+00:00"]],"keeps":["account"],"origin":["d89b1af2d10616ca19684363fb0f77eabf0f38cc88e563f74b1ef10a9ad1c5a6",null,{"brand":"acme"},"film 1",3],"cause":"film 1@3"}','{"account":"@acme"}','030339eef599ecacec7e7e0b099f8ff34e495b19cbd4c80df017ed9231120c9c','','d6f2be81df02f626226f391348965757f0b75b881389cd0da1f03b90b4f8a732');
INSERT INTO "socialflow_history" VALUES(5,'dc51a5553c23fc2d69c5697b55538847',1,1,'create','system','2026-05-01T13:20:00+00:00',NULL,'{"roles":[],"moves":[["create","","sending.waiting"]],"tokens":[["sending.waiting",1,"2026-05-01T13:20:00+00:00"]],"keeps":["account"],"origin":["d89b1af2d10616ca19684363fb0f77eabf0f38cc88e563f74b1ef10a9ad1c5a6",null,{"brand":"acme"},"film 1",3],"cause":"film 1@3"}','{"account":"@acme_de"}','c21118094039f0615230ef77cdd772b2f37cec395feefeb3deb52ee61023e57c','','c4287c01ef7b56c5a0f3e83629cbfc07d7cd8fabd28133a5d05fe5f3a09a24ab');
INSERT INTO "socialflow_history" VALUES(6,'498252ded15ce784661a3c1c04dd43b6',2,2,'sending.send','ed','2026-05-01T13:30:00+00:00',NULL,'{"roles":["editor"],"moves":[["sending.send","sending.waiting","sending.sent"],["done","sending.sent","end.closed"]],"tokens":[["end.closed",1,"2026-05-01T13:30:00+00:00"]],"idle":[["sending.sent",1,"2026-05-01T13:30:00+00:00"]],"effects":[["post",{"with":["ä",1.5]}]],"named":"send"}',NULL,'','d6f2be81df02f626226f391348965757f0b75b881389cd0da1f03b90b4f8a732','2f97131c95207d8d592836212fe3c1008b42faf26a141fb495d91e79e93eb13b');
INSERT INTO "socialflow_history" VALUES(7,'film 2',1,1,'create','ann','2026-05-01T14:30:00+00:00',NULL,'{"roles":["*"],"moves":[["create","","cutting.raw"]],"tokens":[["cutting.raw",1,"2026-05-01T14:30:00+00:00",null,null,["2026-05-02T14:30:00+00:00","ann",[]]]],"keeps":["title","accounts"],"origin":["19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1",null,{}]}','{"title":"Late","accounts":[]}','cf967e0135b24bf10fb0e24858dc6c945650c2594dabb078c3239aa93bda3798','','ce9ed7d3def0804ae92772d52eaf38056639c4ce13fea15911b2f40cc45ba8c4');
INSERT INTO "socialflow_history" VALUES(8,'film 3',1,1,'create','ann','2026-05-11T15:30:00+00:00',NULL,'{"roles":["*"],"moves":[["create","","cutting.raw"]],"tokens":[["cutting.raw",1,"2026-05-11T15:30:00+00:00",null,null,["2026-05-12T15:30:00+00:00","ann",[]]]],"keeps":["title","accounts"],"origin":["19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1","it''s",{}]}','{"title":"Held","accounts":["@acme"]}','c4981f42a9def9f02f2d505f7214ac12b7a7e746e02262e83d9947cfddd113ea','','17f2b7960c551dc9931f5c0800ae28c73cb54965eda398b97025fca68ab09844');
INSERT INTO "socialflow_history" VALUES(9,'film 3',2,2,'cutting.cut','ann','2026-05-11T15:40:00+00:00','cut held','{"roles":["author"],"moves":[["cutting.cut","cutting.raw","cutting.cut"],["done","cutting.cut","showing.ready"]],"tokens":[["showing.ready",1,"2026-05-11T15:40:00+00:00"]],"idle":[["cutting.cut",1,"2026-05-11T15:40:00+00:00"]],"effects":[["tell_editor",{}]],"named":"cut","asked":"ccd1c8c46f0a888df50a42bdc6f4bdce353bbceeb275bc4fa5ed5aaaf4d83c5d"}','{"text":"x"}','fcd1ccec08db6f78a81fee6c26da9e6b8d0d3ba58b4403713fffebcfaa6cf119','17f2b7960c551dc9931f5c0800ae28c73cb54965eda398b97025fca68ab09844','6a358bc4c956f07fc5f40e0832a7cb3deecd0d2f02efa53dd096f9437bc2e6b1');
INSERT INTO "socialflow_history" VALUES(10,'film 3',3,3,'showing.refuse','ed','2026-05-11T15:50:00+00:00',NULL,'{"roles":["editor"],"moves":[["showing.refuse","showing.ready","cutting.raw"]],"tokens":[["cutting.raw",2,"2026-05-11T15:50:00+00:00",null,null,["2026-05-12T15:50:00+00:00","ed",[]]]],"idle":[["showing.ready",1,"2026-05-11T15:40:00+00:00"]],"named":"refuse"}','{"text":"dull"}','2feee846af1e67295f4bcc881ad7bdfdb2ee7cb6b17ec07f88fb98042cd1ac38','6a358bc4c956f07fc5f40e0832a7cb3deecd0d2f02efa53dd096f9437bc2e6b1','9eec6d68e7377a709fe913f529bf977b8ffa538a6ffd1884eb9b0bcdfe9b129e');
INSERT INTO "socialflow_history" VALUES(11,'film 3',4,4,'assign','ed','2026-05-11T16:00:00+00:00',NULL,'{"roles":["editor"],"moves":[],"tokens":[["cutting.raw",2,"2026-05-11T15:50:00+00:00","mia",null,["2026-05-12T15:50:00+00:00","ed",[]]]]}','{"member":"mia","stage":"cutting"}','989f9c65cf4129742a40946e6590406af468fac3cfe2c568de33d47e6c612f0d','9eec6d68e7377a709fe913f529bf977b8ffa538a6ffd1884eb9b0bcdfe9b129e','87157bd69acb666f249f071b12ba5a529a8d4554328a055d7fe29cad1e625494');
INSERT INTO "socialflow_history" VALUES(12,'film 3',5,5,'hold','ed','2026-05-11T16:10:00+00:00',NULL,'{"roles":["editor"],"moves":[["hold","cutting.raw","cutting.raw"]],"tokens":[["cutting.raw",2,"2026-05-11T15:50:00+00:00","mia",null,["2026-05-12T15:50:00+00:00","ed",[]]]],"marks":["on_hold"]}','{"reason":"holidays"}','95a8a92933ca6bfef3892f67f3cbf3ca4d6f2246d0928ef6c3b9ef641314aead','87157bd69acb666f249f071b12ba5a529a8d4554328a055d7fe29cad1e625494','87aebb53349a36b3e74c06554df47fbfbcdcfa4a218af0fae65ce1b68d2bb81a');
INSERT INTO "socialflow_history" VALUES(13,'film 2',2,1,'note','ed','2026-05-11T16:30:00+00:00',NULL,'{"roles":["*"],"moves":[["note","cutting.raw","cutting.raw"]],"tokens":[["cutting.raw",1,"2026-05-01T14:30:00+00:00",null,null,["2026-05-02T14:30:00+00:00","ann",[]]]]}','{"text":"not yet"}','f7778c438e85fcbef4307b3eedd5d3e4dd03efd218e574cea2410f664b3fbba0','ce9ed7d3def0804ae92772d52eaf38056639c4ce13fea15911b2f40cc45ba8c4','31236dabd0feaebeb366b93413e7ccd9be0c5155ac88bd8e1f21cada35109510');
CREATE TABLE socialflow_item (
	id TEXT NOT NULL, 
	ref TEXT, 
	workflow TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	head TEXT NOT NULL, 
	body TEXT NOT NULL, 
	parent TEXT, 
	kind TEXT NOT NULL, 
	round INTEGER NOT NULL, 
	marking TEXT NOT NULL, 
	CONSTRAINT pk_socialflow_item PRIMARY KEY (id), 
	CONSTRAINT uq_socialflow_item_ref UNIQUE (ref), 
	CONSTRAINT fk_socialflow_item_workflow FOREIGN KEY(workflow) REFERENCES socialflow_definition (digest)
);
INSERT INTO "socialflow_item" VALUES('film 1','post:42','19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1',3,3,'80483e708cd90b7bdab33457ec74846cd498528cf5334aecb6fa32cd863a7a4c','{"tokens":[["end.closed",1,"2026-05-01T13:20:00+00:00"]],"scope":"{\"brand\":\"acme\"}","idle":[["cutting.cut",1,"2026-05-01T13:10:00+00:00"],["showing.shown",1,"2026-05-01T13:20:00+00:00"]],"data":{"title":"Behind the scenes","accounts":["@acme","@acme_de"]},"signatures":[["showing",1,"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]],"beside":[null,0,{"upload":3},[],[]]}',NULL,'film',0,'end.closed');
INSERT INTO "socialflow_item" VALUES('498252ded15ce784661a3c1c04dd43b6',NULL,'d89b1af2d10616ca19684363fb0f77eabf0f38cc88e563f74b1ef10a9ad1c5a6',2,2,'2f97131c95207d8d592836212fe3c1008b42faf26a141fb495d91e79e93eb13b','{"tokens":[["end.closed",1,"2026-05-01T13:30:00+00:00"]],"scope":"{\"brand\":\"acme\"}","idle":[["sending.sent",1,"2026-05-01T13:30:00+00:00"]],"data":{"account":"@acme"},"beside":["film 1",3,{},[],[]]}','film 1','upload',3,'end.closed');
INSERT INTO "socialflow_item" VALUES('dc51a5553c23fc2d69c5697b55538847',NULL,'d89b1af2d10616ca19684363fb0f77eabf0f38cc88e563f74b1ef10a9ad1c5a6',1,1,'c4287c01ef7b56c5a0f3e83629cbfc07d7cd8fabd28133a5d05fe5f3a09a24ab','{"tokens":[["sending.waiting",1,"2026-05-01T13:20:00+00:00"]],"scope":"{\"brand\":\"acme\"}","data":{"account":"@acme_de"},"beside":["film 1",3,{},[],[]]}','film 1','upload',3,'sending.waiting');
INSERT INTO "socialflow_item" VALUES('film 2',NULL,'19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1',1,2,'31236dabd0feaebeb366b93413e7ccd9be0c5155ac88bd8e1f21cada35109510','{"tokens":[["cutting.raw",1,"2026-05-01T14:30:00+00:00",null,null,["2026-05-02T14:30:00+00:00","ann",[]]]],"data":{"title":"Late","accounts":[]}}',NULL,'film',0,'cutting.raw');
INSERT INTO "socialflow_item" VALUES('film 3','it''s','19ba770d3408f939777dc0f5bcddb729b2e276430fe2356d1848b6aad827f3d1',5,5,'87aebb53349a36b3e74c06554df47fbfbcdcfa4a218af0fae65ce1b68d2bb81a','{"tokens":[["cutting.raw",2,"2026-05-11T15:50:00+00:00","mia",null,["2026-05-12T15:50:00+00:00","ed",[]]]],"idle":[["showing.ready",1,"2026-05-11T15:40:00+00:00"]],"data":{"title":"Held","accounts":["@acme"]},"beside":[null,0,{},["on_hold"],[]]}',NULL,'film',0,'cutting.raw');
CREATE TRIGGER "socialflow_history_no_update" BEFORE UPDATE ON "socialflow_history" WHEN OLD."seq" IS NOT NEW."seq" OR OLD."item" IS NOT NEW."item" OR OLD."n" IS NOT NEW."n" OR OLD."version" IS NOT NEW."version" OR OLD."action" IS NOT NEW."action" OR OLD."by" IS NOT NEW."by" OR OLD."at" IS NOT NEW."at" OR OLD."key" IS NOT NEW."key" OR OLD."meta" IS NOT NEW."meta" OR OLD."digest" IS NOT NEW."digest" OR OLD."previous" IS NOT NEW."previous" OR OLD."hash" IS NOT NEW."hash" OR NEW.data IS NOT NULL BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER "socialflow_history_no_replace" BEFORE INSERT ON "socialflow_history" WHEN EXISTS (SELECT 1 FROM "socialflow_history" WHERE seq = NEW.seq OR (item = NEW.item AND n = NEW.n) OR "key" = NEW."key") BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: history is append-only'); END;
CREATE TRIGGER "socialflow_history_no_delete" BEFORE DELETE ON "socialflow_history" BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
COMMIT;
CREATE INDEX ix_socialflow_duty_due ON socialflow_duty (due, item, stage) WHERE due IS NOT NULL;
CREATE INDEX ix_socialflow_duty_entered ON socialflow_duty (entered, item, stage);
CREATE INDEX ix_socialflow_duty_responsible ON socialflow_duty (responsible, entered, item, stage);
CREATE INDEX ix_socialflow_duty_state ON socialflow_duty (stage, entered, item);
CREATE INDEX ix_socialflow_item_parent ON socialflow_item (parent, kind, round, marking, id) WHERE parent IS NOT NULL;
CREATE INDEX ix_socialflow_item_workflow ON socialflow_item (workflow, id);
