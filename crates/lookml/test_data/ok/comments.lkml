# before everything { [ "
view # between key and colon
  : # behind the colon
  orders # before the brace
{ # behind it
  # alone
  label: "x" # ends with "quotes" and ;;
  sql: a # not a comment
  ;; # a comment again
  fields: [ # inside
    a # before the comma
    , b
  ] #
} # the end
#
