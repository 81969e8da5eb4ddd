// Progressive enhancement: suggestions while typing in a search box, and a click count when a result is opened.
(() => {
  const WAIT = 150;

  document.querySelectorAll("form.search").forEach((form, number) => {
    const input = form.querySelector("input[type=search]");
    if (!input || !/\/search\/$/.test(new URL(form.action).pathname)) return;
    const list = document.createElement("ul");
    const status = document.createElement("div");
    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels.length ? input.labels[0].textContent : input.placeholder);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    form.append(list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer, request, current = -1;

    const close = () => {
      list.hidden = true;
      current = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (index) => {
      const options = [...list.children];
      options.forEach((option) => option.setAttribute("aria-selected", "false"));
      current = (index + options.length + 1) % (options.length + 1);
      // The position before the first and after the last option is the input itself.
      if (current === options.length) {
        current = -1;
        input.removeAttribute("aria-activedescendant");
        return;
      }
      options[current].setAttribute("aria-selected", "true");
      options[current].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[current].id);
    };

    const show = ({ suggestions, status: text }) => {
      list.replaceChildren(...suggestions.map(({ title, type, url }, index) => {
        const option = document.createElement("li");
        const name = document.createElement("span");
        const kind = document.createElement("small");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        name.textContent = title;
        kind.textContent = type;
        option.append(name, " ", kind);
        return option;
      }));
      current = -1;
      list.hidden = !suggestions.length;
      status.textContent = text;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    };

    const ask = async () => {
      if (request) request.abort();
      if (input.value.trim().length < 2) return close();
      request = new AbortController();
      const url = new URL("suggest/", form.action);
      url.searchParams.set("q", input.value);
      try {
        const response = await fetch(url, { signal: request.signal, credentials: "omit" });
        if (response.ok && document.activeElement === input) show(await response.json());
      } catch {
        // Suggestions are optional: without them the search form still works.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (list.hidden) {
        return;
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(event.key === "ArrowDown" ? current + 1 : current < 0 ? list.children.length - 1 : current - 1);
      } else if (event.key === "Enter" && current >= 0) {
        event.preventDefault();
        location.assign(list.children[current].dataset.url);
      }
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", () => clearTimeout(timer));
    // Without this the input loses focus on mousedown, and "blur" closes the list before the click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
  });

  document.querySelectorAll("[data-search]").forEach((found) => found.addEventListener("click", (event) => {
    if (event.target.closest("ol.results a"))
      navigator.sendBeacon(found.dataset.opened, new URLSearchParams({ q: found.dataset.search }));
  }));
})();
