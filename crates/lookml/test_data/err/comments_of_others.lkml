view: orders {
  -- the state
  dimension: state {}
  // the place
  dimension: place {}
  /* both */
  dimension: both {}
}
