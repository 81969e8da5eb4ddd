// Progressive enhancement: every page works without this file.
(() => {
  // Escape closes an open menu or filter and moves the focus back to its summary.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.activeElement && document.activeElement.closest(".menu-fold[open], .facets > details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // Keeps filters open on wide screens in browsers without ::details-content.
  if (!CSS.supports("selector(::details-content)")) {
    const wide = matchMedia("(min-width: 60rem)");
    const fit = () => document.querySelectorAll(".facets").forEach((facets) => {
      facets.classList.toggle("wide", wide.matches);
      if (wide.matches) facets.firstElementChild.open = true;
    });
    wide.addEventListener("change", fit);
    fit();
  }

  // A link to a closed answer opens it. All answers are opened for printing.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = target && target.closest("details:not([open])");
    if (closed) closed.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  addEventListener("beforeprint", () => document.querySelectorAll(".faq details:not([open])").forEach((item) => {
    item.open = true;
    item.dataset.opened = "";
  }));
  addEventListener("afterprint", () => document.querySelectorAll("details[data-opened]").forEach((item) => {
    item.open = false;
    delete item.dataset.opened;
  }));

  // Print and share buttons, only where the browser supports them.
  document.querySelectorAll("[data-tools]").forEach((tools) => {
    const add = (label, action) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", action);
      item.append(button);
      tools.append(item);
    };
    if (tools.dataset.print) add(tools.dataset.print, () => print());
    if (tools.dataset.share && navigator.share)
      add(tools.dataset.share, () => navigator.share({ title: document.title, url: location.href }).catch(() => {}));
  });

  // Moves the focus to the error summary of a form.
  const errors = document.querySelector("body:not(.patterns) .errors");
  if (errors) errors.focus();
})();
