# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Reads what one test program printed (TAP, as cmocka or a script writes it) for tests/run: prints its line, its skips
# with their reasons and, of a failed program, the output; appends "passed failed skipped" to the file of sums.
# Variables: program, status (its exit status), limit and seconds (its time), log_file, sums.

/^1\.\.[0-9]+/ {
  plan += substr($1, 4)
  if (sub(/^[^#]*# *[Ss][Kk][Ii][Pp][A-Za-z]* */, ""))
    skips[++skipped] = "all of it: " $0
  next
}

# The reason of the case that is going on; cmocka's skip () can't carry one.
/^# skip[: ]/ {
  reason = substr($0, 8)
  sub(/^[: ]+/, "", reason)
  next
}

/^(not )?ok [^#]*# *[Ss][Kk][Ii][Pp]/ {
  name = after = $0
  sub(/# *[Ss][Kk][Ii][Pp].*/, "", name)
  sub(/^(not )?ok *[0-9]*[- ]*/, "", name)
  sub(/ +$/, "", name)
  sub(/^[^#]*# *[Ss][Kk][Ii][Pp][: ]*/, "", after)
  # cmocka writes the name where TAP has the reason, and "not ok".
  if (name == "") {
    name = after
    after = ""
  }
  if (reason == "")
    reason = after == "" ? "no reason given" : after
  skips[++skipped] = name ": " reason
  reason = ""
  next
}

/^ok( |$)/ { passed++; reason = ""; next }
/^not ok( |$)/ { failed++; reason = ""; next }

# Why the program as a whole counts as a failed case, though no case of it says so.
function verdict(cases) {
  if (status == 124 || status == 137)
    return "took longer than " limit " s"
  if (failed)
    return ""
  if (status > 128)
    return "ended by signal " (status - 128)
  if (status != 0)
    return "exit status " status
  if (cases < plan)
    return "stopped after " cases " of " plan " cases"
  return cases ? "" : "printed no result"
}

END {
  why = verdict(passed + failed + skipped)
  if (why != "")
    failed++
  line = sprintf("%s %-42s %4d passed", failed ? "FAIL" : "ok  ", program, passed)
  if (failed)
    line = line ", " failed " failed"
  if (skipped)
    line = line ", " skipped " skipped"
  if (why != "")
    line = line ": " why
  print line (seconds >= 10 ? "  (" seconds " s)" : "")
  for (i = 1; i <= skipped; i++)
    print "     skipped " skips[i]
  if (failed) {
    print "     --- output, at most its last 100 lines; the whole is in " log_file
    fflush()
    system("tail -n 100 \"" log_file "\" | sed \"s/^/     | /\"")
  }
  printf "%d %d %d\n", passed, failed, skipped >> sums
}
