// An empty field has no letter to take its direction from: it takes that of the content's language.
(() => {
  const RIGHT_TO_LEFT = ["ar", "ckb", "fa", "he", "syr", "ur"];
  const WORDS = 'input:not([type]), input[type="text"], textarea, [contenteditable="true"]';
  const CODES = /(slug|code|phone|url|colour|e-?mail)$/;

  function contentLanguage() {
    const config = document.getElementById("wagtail-config");
    if (!config) return "";
    return JSON.parse(config.textContent).ACTIVE_CONTENT_LOCALE || "";
  }

  function direct(root, direction) {
    for (const field of root.querySelectorAll(WORDS)) {
      if (field.hasAttribute("dir") || field.closest("[lang]:not(html)") || CODES.test(field.name || "")) continue;
      field.dir = direction;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-edit-form], form[data-form-assigned]") || document.getElementById("main");
    const language = contentLanguage();
    if (!form || !language) return;
    const direction = RIGHT_TO_LEFT.includes(language.split("-")[0]) ? "rtl" : "ltr";
    direct(form, direction);
    new MutationObserver((changes) => {
      for (const change of changes) if (change.addedNodes.length) direct(change.target, direction);
    }).observe(form, { childList: true, subtree: true });
  });
})();
