// Signing in and out, where the server asks for a token.

import { get, post, Problem, remove } from "/static/js/api.js";
import { fill, h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

/** A form that asks for the token, and calls `signedIn` once the server took it. */
export function signInForm(signedIn) {
  const token = h("input", {
    id: "token",
    type: "password",
    name: "token",
    required: true,
    autocomplete: "current-password",
    "aria-describedby": "token-error",
  });
  const error = h("p", { class: "dialog-error", id: "token-error", role: "alert" });
  const send = h("button", { type: "submit", class: "button primary" }, t("ward.session.sign-in"));
  const submit = async (event) => {
    event.preventDefault();
    fill(error);
    try {
      await post("/session", { token: token.value });
      signedIn();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      fill(error, problem.message);
      token.select();
    }
  };
  const field = h("div", { class: "field" }, h("label", { for: "token" }, t("ward.session.token")), token);
  return h("form", { class: "sign-in", on: { submit } }, field, error, send);
}

/** A button that signs out, where there is something to sign out of; null where no token is asked for. */
export async function signOutButton() {
  const session = await get("/session").catch(() => null);
  if (!session?.needs_token || !session.signed_in) return null;
  const leave = async () => {
    await remove("/session");
    location.reload();
  };
  return h("button", { type: "button", class: "button small", on: { click: leave } }, t("ward.session.sign-out"));
}
