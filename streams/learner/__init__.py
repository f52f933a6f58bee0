"""The learner: a process of its own, so that what it costs never stalls an alert. It knows no Faust."""
