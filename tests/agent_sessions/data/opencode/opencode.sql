CREATE TABLE session (
          id text PRIMARY KEY,
          project_id text NOT NULL,
          workspace_id text,
          parent_id text,
          slug text NOT NULL,
          directory text NOT NULL,
          path text,
          title text NOT NULL,
          version text NOT NULL,
          share_url text,
          summary_additions integer,
          summary_deletions integer,
          summary_files integer,
          summary_diffs text,
          metadata text,
          cost real DEFAULT 0 NOT NULL,
          tokens_input integer DEFAULT 0 NOT NULL,
          tokens_output integer DEFAULT 0 NOT NULL,
          tokens_reasoning integer DEFAULT 0 NOT NULL,
          tokens_cache_read integer DEFAULT 0 NOT NULL,
          tokens_cache_write integer DEFAULT 0 NOT NULL,
          revert text,
          permission text,
          agent text,
          model text,
          time_created integer NOT NULL,
          time_updated integer NOT NULL,
          time_compacting integer,
          time_archived integer
        );
INSERT INTO session VALUES ('ses_dd07a3b87ffeIO3mDisbf3vXaF', '63ddceed7e133fbabf81aea7867f22beff97bc95', NULL, NULL, 'sunny-moon', '/home/ann/project', 'project', 'The file says hello podium now.', '1.18.33', NULL, 0, 0, 0, NULL, NULL, 0.00525, 1400, 50, 0, 1000, 0, NULL, NULL, 'build', '{"id":"fake-model","providerID":"local"}', 1796093625464, 1796093870201, NULL, NULL);
CREATE TABLE message (
          id text PRIMARY KEY,
          session_id text NOT NULL,
          time_created integer NOT NULL,
          time_updated integer NOT NULL,
          data text NOT NULL
        );
INSERT INTO message VALUES ('msg_22f85c4970016v58QyQKF9FO5R', 'ses_dd07a3b87ffeIO3mDisbf3vXaF', 1796093625495, 1796093629848, '{"role":"user","time":{"created":1796093625495},"agent":"build","model":{"providerID":"local","modelID":"fake-model"},"summary":{"diffs":[]}}');
INSERT INTO message VALUES ('msg_22f85c4cd001sYtdetxjlgcpwY', 'ses_dd07a3b87ffeIO3mDisbf3vXaF', 1796093625549, 1796093629677, '{"parentID":"msg_22f85c4970016v58QyQKF9FO5R","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ann/project","root":"/home/ann"},"cost":0.002625,"tokens":{"total":1225,"input":700,"output":25,"reasoning":0,"cache":{"write":0,"read":500}},"modelID":"fake-model","providerID":"local","time":{"created":1796093625549,"completed":1796093629674},"finish":"stop"}');
INSERT INTO message VALUES ('msg_22f897699001NJGVhpvpypD4KA', 'ses_dd07a3b87ffeIO3mDisbf3vXaF', 1796093867673, 1796093870246, '{"role":"user","time":{"created":1796093867673},"agent":"build","model":{"providerID":"local","modelID":"fake-model"},"summary":{"diffs":[]}}');
INSERT INTO message VALUES ('msg_22f8976c2001rclNRM2KY9Qhyk', 'ses_dd07a3b87ffeIO3mDisbf3vXaF', 1796093867714, 1796093870193, '{"parentID":"msg_22f897699001NJGVhpvpypD4KA","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ann/project","root":"/home/ann"},"cost":0.002625,"tokens":{"total":1225,"input":700,"output":25,"reasoning":0,"cache":{"write":0,"read":500}},"modelID":"fake-model","providerID":"local","time":{"created":1796093867714,"completed":1796093870191},"finish":"stop"}');
