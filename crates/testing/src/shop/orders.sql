CREATE TABLE orders AS
SELECT * FROM (VALUES
  (1, 1, 'complete', 20.00::DECIMAL(8, 2), TIMESTAMP '2026-01-02 10:00:00'),
  (2, 1, 'complete', 1042.50, TIMESTAMP '2026-01-10 23:30:00'),
  (3, 2, 'pending', 7.25, TIMESTAMP '2026-01-14 00:00:00'),
  (4, 2, 'complete', 15.00, TIMESTAMP '2026-01-15 08:00:00'),
  (5, 3, 'lost, "or so"; DROP TABLE orders; --', 3.00, TIMESTAMP '2025-12-31 23:59:59'),
  (6, 3, NULL, 12.00, TIMESTAMP '2025-12-01 00:00:00')
) AS orders(id, user_id, status, amount, created_at)
