"""What the page is told and tells, as JSON: the one place where server and browser agree.

Every time is in seconds since 1970 (UTC), event time unless it says otherwise; a time or a value that is not known is
null, never 0. Sentences are English; whatever they say stands beside them as codes and numbers too, so that the page
can say it in another language.
"""
