CREATE TABLE users AS
SELECT * FROM (VALUES
  (1, 'Ada', 'Paris', 36),
  (2, 'Bo <b>&</b>', 'São Paulo', NULL),
  (3, 'Cy "the kid" O''Neil', NULL, 61)
) AS users(id, name, city, age)
