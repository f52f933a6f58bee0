// Gateways with an open alert of their own.

import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { Ages } from "/static/js/ward/ages.js";
import { alertLines } from "/static/js/ward/alert_lines.js";
import { t } from "/static/js/words.js";

/** What stands where a gateway is in trouble, and nothing where none is. */
export class Gateways {
  #list = h("ul", { class: "plain gateways-list" });
  #ages = new Ages();

  constructor() {
    const heading = h("h2", { class: "strip-title", id: "gateways-title" }, t("ward.gateways.title"));
    this.node = h("section", { class: "strip gateways", "aria-labelledby": "gateways-title" }, heading, this.#list);
    this.update();
  }

  /** Shows the gateways that stand so now. */
  update() {
    const standing = live.gateways();
    this.node.hidden = standing.length === 0;
    this.#ages = new Ages();
    fill(this.#list, standing.map((each) => this.#gateway(each)));
  }

  /** Says ages anew. */
  tick() {
    this.#ages.tick();
  }

  #gateway({ gateway_id: name, alerts }) {
    const title = h("strong", null, t("ward.gateways.one", { name }));
    return h("li", { class: "gateway" }, title, alertLines(alerts, this.#ages));
  }
}
