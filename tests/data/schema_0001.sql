-- A database as the tables of revision 0001 held it on 2 March 2026 at 09:00 UTC: a request in every status, a session
-- in every status, and what the outbox had still to do. :principal, :power_user, :read_only and :audit come from AWS.
INSERT INTO requests (id, number, requester_id, requester_name, requester_email, principal_id, account_id, account_name,
  set_kind, set_name, set_content, duration, justification, requested_at, lapses_at, status, version)
SELECT id, number, 'U0RITA', 'Rita', 'rita@example.com', :principal, '111122223333', 'prod-payments', set_kind, set_name,
  CASE set_kind WHEN 'Custom' THEN
    '{"inline_policy": "", "managed_policies": ["ReadOnlyAccess"], "session_duration": "1 hour"}' END,
  '1 hour', 'INC-12: the ledger shows a wrong balance', '2026-03-02T08:00:00.000000+00:00',
  '2026-03-03T08:00:00.000000+00:00', status, 2
FROM (
  SELECT 'rq_pending' AS id, 1001 AS number, 'Standard' AS set_kind, 'ReadOnly' AS set_name, 'Pending' AS status
  UNION ALL SELECT 'rq_owner', 1002, 'Custom', 'Ledger', 'Pending Owner'
  UNION ALL SELECT 'rq_admin', 1003, 'Custom', 'Ledger', 'Pending Admin'
  UNION ALL SELECT 'rq_rejected', 1004, 'Standard', 'ReadOnly', 'Rejected'
  UNION ALL SELECT 'rq_withdrawn', 1005, 'Standard', 'ReadOnly', 'Withdrawn'
  UNION ALL SELECT 'rq_lapsed', 1006, 'Standard', 'ReadOnly', 'Lapsed'
  UNION ALL SELECT 'rq_granting', 1007, 'Standard', 'PowerUser', 'Approved'
  UNION ALL SELECT 'rq_active', 1008, 'Standard', 'ReadOnly', 'Approved'
  UNION ALL SELECT 'rq_revoking', 1009, 'Standard', 'Audit', 'Approved'
  UNION ALL SELECT 'rq_expired', 1010, 'Standard', 'ReadOnly', 'Approved'
  UNION ALL SELECT 'rq_revoked', 1011, 'Standard', 'ReadOnly', 'Approved'
  UNION ALL SELECT 'rq_failed', 1012, 'Standard', 'ReadOnly', 'Approved'
) AS each_status;
UPDATE requests SET closed_at = '2026-03-02T08:10:00.000000+00:00'
WHERE status IN ('Approved', 'Rejected', 'Withdrawn', 'Lapsed');
UPDATE counters SET value = 1012 WHERE name = 'requests';
INSERT INTO decisions (request_id, approver_id, position, level, verdict, approver_name, approver_email, role, at, reason,
  stand_in)
SELECT id, 'U0OLAF', 0, CASE set_kind WHEN 'Custom' THEN 'owner' ELSE 'owner or SSO admin' END,
  CASE status WHEN 'Rejected' THEN 'rejected' ELSE 'approved' END, 'Olaf', 'olaf@example.com', 'owner',
  '2026-03-02T08:10:00.000000+00:00', '', FALSE
FROM requests WHERE status IN ('Approved', 'Rejected', 'Pending Admin');
INSERT INTO sessions (id, request_id, principal_id, account_id, status, ends_at, set_name, set_arn, sent_at,
  grant_operation, removal_operation, existed_before, granted_at, ending, ended_by_name, end_reason, end_ordered_at,
  ended_at, trouble, version)
VALUES
  ('se_granting', 'rq_granting', :principal, '111122223333', 'granting', '2026-03-02T11:00:00.000000+00:00', 'PowerUser',
   :power_user, NULL, '', '', FALSE, NULL, NULL, '', '', NULL, NULL, '', 1),
  ('se_active', 'rq_active', :principal, '111122223333', 'active', '2026-03-02T09:20:00.000000+00:00', 'ReadOnly',
   :read_only, '2026-03-02T08:19:00.000000+00:00', 'op-1', '', FALSE, '2026-03-02T08:20:00.000000+00:00', NULL, '', '',
   NULL, NULL, '', 3),
  ('se_revoking', 'rq_revoking', :principal, '111122223333', 'revoking', '2026-03-02T10:00:00.000000+00:00', 'Audit',
   :audit, '2026-03-02T08:19:00.000000+00:00', 'op-2', '', FALSE, '2026-03-02T08:20:00.000000+00:00',
   'revoked by an approver', 'Olaf', 'The incident is over.', '2026-03-02T08:30:00.000000+00:00', NULL,
   'AWS denied it.', 5),
  ('se_expired', 'rq_expired', :principal, '111122223333', 'expired', '2026-03-02T08:40:00.000000+00:00', 'ReadOnly',
   :read_only, '2026-03-02T07:39:00.000000+00:00', 'op-3', '', FALSE, '2026-03-02T07:40:00.000000+00:00', 'expired', '',
   '', '2026-03-02T08:40:00.000000+00:00', '2026-03-02T08:41:00.000000+00:00', '', 5),
  ('se_revoked', 'rq_revoked', :principal, '111122223333', 'revoked', '2026-03-02T08:40:00.000000+00:00', 'ReadOnly',
   :read_only, '2026-03-02T07:39:00.000000+00:00', 'op-4', '', FALSE, '2026-03-02T07:40:00.000000+00:00',
   'ended early by its holder', 'Rita', '', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:01:00.000000+00:00', '', 5),
  ('se_failed', 'rq_failed', :principal, '111122223333', 'failed', '2026-03-02T08:40:00.000000+00:00', 'ReadOnly', '',
   NULL, '', '', FALSE, NULL, 'could not be granted', '', 'AWS knows no such account.',
   '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:01:00.000000+00:00', '', 4);
INSERT INTO cards (channel, ts, request_id, place, shown)
SELECT 'C0PAYMENTS', CAST(number AS TEXT), id, 'owners', '2.0' FROM requests;
INSERT INTO outbox (lane, kind, subject, dedup_key, payload, priority, first_due_at, due_at, attempts, token, last_error,
  outcome_unknown, done_at)
VALUES
  ('grant', 'grant', :principal || '/111122223333/PowerUser', 'grant:se_granting', '{"session": "se_granting"}', 0,
   '2026-03-02T09:00:00.000000+00:00', '2026-03-02T09:00:00.000000+00:00', 0, 0, '', FALSE, NULL),
  ('revoke', 'revoke', :principal || '/111122223333/Audit', 'revoke:se_revoking', '{"session": "se_revoking"}', 0,
   '2026-03-02T08:30:00.000000+00:00', '2026-03-02T09:04:00.000000+00:00', 12, 12, 'AWS denied it.', FALSE, NULL),
  ('revoke', 'verify_absent', :principal || '/111122223333/ReadOnly', 'verify_absent:se_expired',
   '{"session": "se_expired"}', 1, '2026-03-02T08:46:00.000000+00:00', '2026-03-02T08:46:00.000000+00:00', 1, 1, '', FALSE,
   '2026-03-02T08:46:00.000000+00:00'),
  ('slack', 'audit_line', 'audit', 'audit_line:999999', '{"seq": "2"}', 1, '2026-03-02T09:00:00.000000+00:00',
   '2026-03-02T09:00:00.000000+00:00', 0, 0, '', FALSE, '2026-03-02T09:00:00.000000+00:00');
DELETE FROM outbox WHERE dedup_key = 'audit_line:999999';
