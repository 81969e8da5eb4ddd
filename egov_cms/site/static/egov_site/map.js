// Draws the map of offices, with the same content as the list on the page. Without scripts the list is complete.
(async () => {
  const figure = document.getElementById("office-map");
  const box = figure.querySelector(".map");
  const { governorates, offices, words } = JSON.parse(document.getElementById("office-map-data").textContent);
  figure.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const number = new Intl.NumberFormat(words.numbers);
  const rtl = document.documentElement.dir === "rtl";
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    // The mouse wheel and one finger scroll the page; buttons, keys and two fingers move the map.
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile,
    zoomSnap: 0.25,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    maxZoom: 12,
  });
  L.control.zoom({ position: rtl ? "topright" : "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out })
    .addTo(map);
  const byCode = new Map(governorates.map((each) => [each.code, each]));
  const chosen = governorates.find((each) => each.chosen);
  const answer = await fetch(box.dataset.outline);
  const outline = L.geoJSON(await answer.json(), {
    style: ({ properties: { code } }) => {
      const place = byCode.get(code);
      return { className: `area${place && place.chosen ? " chosen" : ""}${place && place.url ? "" : " empty"}` };
    },
    onEachFeature: ({ properties: { code } }, layer) => {
      const place = byCode.get(code);
      if (!place) return;
      layer.bindTooltip(place.name, { sticky: true, direction: "top" });
      // For the mouse only; the number in the area is a link for all users.
      if (place.url && !place.chosen) layer.on("click", () => location.assign(place.url));
    },
  }).addTo(map);
  const here = chosen && outline.getLayers().find(({ feature }) => feature.id === chosen.code);
  map.setMaxBounds(outline.getBounds().pad(0.5));
  if (here) map.fitBounds(here.getBounds());
  else if (chosen) map.setView([chosen.lat, chosen.lon], 9);
  else map.fitBounds(outline.getBounds());
  map.setMinZoom(Math.min(map.getBoundsZoom(outline.getBounds()), map.getZoom()));

  const put = (point, content, className, options) => L.marker([point.lat, point.lon], {
    icon: L.divIcon({ html: content, className, iconSize: null }),
    ...options,
  }).addTo(map);
  const link = (place, text) => {
    const element = document.createElement("a");
    element.href = place.url;
    element.textContent = text;
    element.dir = "auto";
    return element;
  };

  if (!chosen) {
    for (const place of governorates.filter((each) => each.url && each.lat !== null)) {
      const count = link(place, place.count);
      count.setAttribute("aria-label", place.label);
      put(place, count, "map-count", { keyboard: false, interactive: false });
    }
    return;
  }
  // Offices whose markers would overlap share one marker; its popup lists them.
  const pins = [];
  let opened = null;
  for (const office of offices) {
    const point = map.latLngToLayerPoint([office.lat, office.lon]);
    const near = pins.find((pin) => pin.point.distanceTo(point) < 30);
    if (near) near.offices.push(office);
    else pins.push({ point, offices: [office] });
  }
  for (const pin of pins) {
    const content = document.createElement("ul");
    for (const office of pin.offices) {
      const item = document.createElement("li");
      item.append(link(office, office.name));
      if (office.address) {
        const address = document.createElement("p");
        address.textContent = office.address;
        address.dir = "auto";
        item.append(address);
      }
      content.append(item);
    }
    const face = document.createElement("span");
    if (pin.offices.length > 1) face.textContent = number.format(pin.offices.length);
    const marker = put(pin.offices[0], face, "map-office", { riseOnHover: true });
    marker.bindPopup(content, { closeButton: false });
    marker.getElement().setAttribute("aria-label", pin.offices.map((office) => office.name).join(words.comma));
    marker.on("popupopen", () => {
      opened = marker;
      content.querySelector("a").focus();
    });
  }
  // Leaflet handles Escape only when the map itself has the focus, not an element in a popup.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened || !opened.isPopupOpen()) return;
    map.closePopup();
    opened.getElement().focus();
  });
})();
