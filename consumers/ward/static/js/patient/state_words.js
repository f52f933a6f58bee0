// How an alert stands, in words.

import { clock } from "/static/js/format.js";
import { t } from "/static/js/words.js";

/** Its state, with what else holds of it: "active, stale, snoozed until 21:30". */
export function stateWords(alert) {
  const words = [t(`common.state.${alert.state}`)];
  if (alert.stale) words.push(t("patient.alerts.stale"));
  if (alert.snoozed_until !== null) words.push(t("patient.alerts.snoozedUntil", { time: clock(alert.snoozed_until) }));
  if (alert.inhibited_by) words.push(t(`patient.inhibitor.${alert.inhibited_by}`));
  return words.join(t("patient.sentence.comma"));
}
